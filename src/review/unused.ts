import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { identityOf } from '../cassette/identity.ts'
import type { Recording } from '../cassette/schema.ts'
import { filesOf } from '../store/folder.ts'
import { readFile } from '../store/read.ts'
import type { SessionReport } from '../session/report.ts'
import type { StoredPlace } from '../vitest/summary.ts'

/** The cassette files as they are on disk after a run. */
export interface Survey {
  unused: StoredPlace[]
  orphans: string[]
  old: { file: string; count: number }[]
}

/** What a full run says about the tests. */
export interface SurveyedTests {
  reports: readonly SessionReport[]
  /** Full names of tests that did not run: what belongs to them is not unused. */
  skipped: ReadonlySet<string>
}

/** Which recordings no test played, and which cassettes of the folders no test asked for. */
export function surveyUse(
  dirs: readonly string[],
  { reports, skipped }: SurveyedTests,
): Pick<Survey, 'unused' | 'orphans'> {
  const asked = new Set(reports.map(({ file }) => file))
  const unused = [...asked].flatMap(file => unusedIn(file, reports, skipped))
  const isAsked = (file: string) => asked.has(file) || asked.has(path.dirname(file))
  const others = dirs.flatMap(jsonFiles).filter(file => !isAsked(file) && readable(file).length > 0)
  return { unused, orphans: skipped.size > 0 ? [] : others }
}

/** Files with recordings older than `maxAge`. */
export function surveyAge(files: Iterable<string>, maxAge: string, now = Date.now()): Survey['old'] {
  return [...files].flatMap(asked =>
    partsOf(asked).flatMap(file => {
      const count = readable(file).filter(
        ({ recorded_at }) => Date.parse(recorded_at ?? '') < now - ageOf(maxAge),
      ).length
      return count > 0 ? [{ file, count }] : []
    }),
  )
}

function unusedIn(
  asked: string,
  reports: readonly SessionReport[],
  skipped: ReadonlySet<string>,
): StoredPlace[] {
  const played = mostPlayed(reports.filter(({ file }) => file === asked))
  return partsOf(asked).flatMap(file =>
    readable(file).flatMap((recording, index) => {
      const id = identityOf(recording)
      const left = played.get(id) ?? 0
      played.set(id, left - 1)
      if (left > 0 || (recording.test !== undefined && skipped.has(recording.test))) return []
      return [{ file, index, test: recording.test }]
    }),
  )
}

/** How often each recording was played: of several that look the same, as many are used as one scope has played. */
function mostPlayed(reports: readonly SessionReport[]): Map<string, number> {
  const most = new Map<string, number>()
  for (const { used } of reports) {
    const counts = new Map<string, number>()
    for (const id of used) counts.set(id, (counts.get(id) ?? 0) + 1)
    for (const [id, count] of counts) most.set(id, Math.max(most.get(id) ?? 0, count))
  }
  return most
}

function partsOf(asked: string): string[] {
  if (!existsSync(asked)) return []
  return asked.endsWith('.json') ? [asked] : filesOf(asked)
}

/** Other JSON may lie in the folder, and what is broken has been said by the test that asked for it. */
function readable(file: string): Recording[] {
  try {
    return readFile(file)
  } catch {
    return []
  }
}

function jsonFiles(dir: string): string[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.json'))
    .map(entry => path.join(entry.parentPath, entry.name))
    .toSorted()
}

/** In ms. */
function ageOf(maxAge: string): number {
  return Number.parseInt(maxAge, 10) * (maxAge.endsWith('w') ? 7 : 1) * 24 * 60 * 60 * 1000
}
