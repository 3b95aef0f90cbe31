import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { identityOf } from '../cassette/identity.ts'
import type { Recording } from '../cassette/schema.ts'
import type { SessionReport } from '../session/report.ts'
import { filesOf } from '../store/folder.ts'
import { readFile } from '../store/read.ts'

/** A recording that no test played, as it stands on the disk after a full run. */
export interface UnusedRecording {
  /** Absolute. */
  file: string
  /** Its place in the file's recordings, from 0. */
  index: number
  test: string | undefined
}

/** A file with recordings that are older than `maxAge`. */
export interface OldFile {
  /** Absolute. */
  file: string
  /** How many recordings are too old. */
  count: number
}

/** What a full run says about its tests. */
export interface FullRun {
  reports: readonly SessionReport[]
  /** Full names of tests that did not run. What was recorded for them is not unused. */
  skipped: ReadonlySet<string>
}

/** Finds the recordings that no test played, in the cassettes that a test asked for. */
export function findUnused({ reports, skipped }: FullRun): UnusedRecording[] {
  const byCassette = Map.groupBy(reports, ({ file }) => file)
  return [...byCassette].flatMap(([cassette, own]) => {
    const playsLeft = countPlays(own)
    return listFiles(cassette).flatMap(file =>
      readIfValid(file).flatMap((recording, index) => {
        const id = identityOf(recording)
        const plays = playsLeft.get(id) ?? 0
        playsLeft.set(id, plays - 1)
        const { test } = recording
        return plays > 0 || (test !== undefined && skipped.has(test)) ? [] : [{ file, index, test }]
      }),
    )
  })
}

/** Finds the cassette files that no test asked for. A test that was skipped may have asked for any of them. */
export function findOrphans(dirs: readonly string[], { reports, skipped }: FullRun): string[] {
  if (skipped.size > 0) return []
  const asked = new Set(reports.map(({ file }) => file))
  const isAsked = (file: string) => asked.has(file) || asked.has(path.dirname(file))
  return dirs.flatMap(listJsonFiles).filter(file => !isAsked(file) && readIfValid(file).length > 0)
}

/** Finds the files of these cassettes that have recordings older than `maxAge`, such as `90d` or `12w`. */
export function findOld(cassettes: Iterable<string>, maxAge: string): OldFile[] {
  const limit = Date.now() - parseAge(maxAge)
  const isOld = ({ recorded_at = '' }: Recording) => Date.parse(recorded_at) < limit
  return [...cassettes]
    .flatMap(listFiles)
    .map(file => ({ file, count: readIfValid(file).filter(isOld).length }))
    .filter(({ count }) => count > 0)
}

/** How often each recording was played. Of several that look alike, as many are used as one scope has played. */
function countPlays(reports: readonly SessionReport[]): Map<string, number> {
  const most = new Map<string, number>()
  for (const { used } of reports)
    for (const [id, plays] of Map.groupBy(used, played => played))
      most.set(id, Math.max(most.get(id) ?? 0, plays.length))
  return most
}

function listFiles(cassette: string): string[] {
  if (!existsSync(cassette)) return []
  return cassette.endsWith('.json') ? [cassette] : filesOf(cassette)
}

function listJsonFiles(dir: string): string[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.json'))
    .map(entry => path.join(entry.parentPath, entry.name))
    .toSorted()
}

/** Other JSON may lie in the folder, and the test that asked for a broken cassette has failed already: both hold nothing. */
function readIfValid(file: string): Recording[] {
  try {
    return readFile(file)
  } catch {
    return []
  }
}

/** In ms. */
function parseAge(maxAge: string): number {
  return Number.parseInt(maxAge, 10) * (maxAge.endsWith('w') ? 7 : 1) * 24 * 60 * 60 * 1000
}
