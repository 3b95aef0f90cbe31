import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseCassette } from '../cassette/parse.ts'
import { parseLarge } from '../cassette/parse-large.ts'
import type { Recording } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import type { Location } from './locate.ts'

/**
 * Reads all recordings of a cassette; none where it does not exist yet.
 *
 * @throws {CassetteError} `bad-cassette`
 */
export function readCassette({ path: target, folder }: Location): Recording[] {
  return folder ? filesOf(target).flatMap(readAgain) : readFile(target)
}

/** Of folders: of 10,000 files those are read again that have changed. */
const read = new Map<string, { stamp: string; recordings: Recording[] }>()

function readAgain(file: string): Recording[] {
  const current = stamp(file)
  const known = read.get(file)
  if (known?.stamp === current) return known.recordings
  const recordings = readFile(file)
  read.set(file, { stamp: current, recordings })
  return recordings
}

/** The files of a folder that may hold one of these recordings: those from which they were read, or else all. */
export function filesWith(folder: string, recordings: readonly Recording[]): string[] {
  const missing = new Set(recordings)
  const files = filesOf(folder)
  const found = files.filter(file => {
    const { recordings: held } = read.get(file) ?? {}
    // Not `some`: each that is found is one less to look for.
    return held === undefined || held.filter(recording => missing.delete(recording)).length > 0
  })
  return missing.size === 0 ? found : files
}

/** The cassette files of a folder, in the order in which they play. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .toSorted()
    .map(name => path.join(folder, name))
}

export function readFile(file: string): Recording[] {
  const bytes = readBytes(file)
  if (!bytes) return []
  return bytes.length < large ? parseCassette(bytes.toString(), file) : parseLarge(bytes, file)
}

/** What takes longer to parse than a test should wait for it, in bytes. */
const large = 2 ** 20

function readBytes(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new CassetteError('bad-cassette', `Cannot read the cassette ${file}: ${(error as Error).message}`, {
      file,
      cause: error,
    })
  }
}

// The test may have replaced the clock (`vi.useFakeTimers()`).
const now = performance.now.bind(performance)
/** How long the files of a large folder are taken to be what they were, in ms, where none was added, replaced or taken away. */
const trusted = 1_000
const manyFiles = 100
const looks = new Map<string, { at: number; folder: string; stamp: string }>()

/** Changes whenever the cassette does; `undefined` where there is none. */
export function stampOf({ path: target, folder }: Location): string | undefined {
  if (!existsSync(target)) return undefined
  if (!folder) return stamp(target)
  const own = stamp(target)
  const last = looks.get(target)
  if (last?.folder === own && now() - last.at < trusted) return last.stamp
  const files = filesOf(target)
  const stamps = files.map(stamp).join()
  if (files.length > manyFiles) looks.set(target, { at: now(), folder: own, stamp: stamps })
  return stamps
}

/** After a change of our own: the folder's time may be the same as before, if it was quick. */
export function lookAgain({ path: target }: Location): void {
  looks.delete(target)
}

function stamp(file: string): string {
  const { ino, mtimeMs, size } = statSync(file)
  return `${ino}-${mtimeMs}-${size}`
}
