import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Recording } from '../cassette/schema.ts'

/** What a folder's files were when they were looked at. */
interface Look {
  /** In ms. */
  at: number
  /** The stamp of the folder: another one when a file is added, replaced or taken away. */
  folder: string
  /** The stamp of each file, in the order in which they play. */
  files: ReadonlyMap<string, string>
  /** Another one when a file is. */
  version: number
}

// The test may have replaced the clock (`vi.useFakeTimers()`).
const now = performance.now.bind(performance)
/** How long the files of a large folder are taken to be what they were, in ms, where none was added, replaced or taken away. */
const trusted = 1_000
const manyFiles = 100
const looks = new Map<string, Look>()
let versions = 0

/** Of 10,000 files those are read again that have changed. */
const read = new Map<string, { stamp: string; recordings: Recording[] }>()

/** The cassette files of a folder, in the order in which they play. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .toSorted()
    .map(name => path.join(folder, name))
}

/** Changes whenever a file of the folder does. */
export function versionOf(folder: string): string {
  return String(lookAt(folder).version)
}

/** The recordings of all files. */
export function readFolder(folder: string, readFile: (file: string) => Recording[]): Recording[] {
  return [...lookAt(folder).files].flatMap(([file, current]) => {
    const known = read.get(file)
    if (known?.stamp === current) return known.recordings
    const recordings = readFile(file)
    read.set(file, { stamp: current, recordings })
    return recordings
  })
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

/**
 * To be called before this process changes a folder, of which what it does not change need not be looked at again.
 *
 * @returns to be called with the files that were written or removed
 */
export function beforeChange(folder: string): (changed: readonly string[]) => void {
  const last = looks.get(folder)
  const isKnown = last && last.files.size > manyFiles && last.folder === stampOfFile(folder)
  // The folder's time may stay the same, if the change is quick.
  looks.delete(folder)
  return changed => {
    if (!isKnown) return
    const stamps = new Map(last.files)
    for (const file of changed) {
      stamps.delete(file)
      if (existsSync(file)) stamps.set(file, stampOfFile(file))
    }
    const files = new Map([...stamps].toSorted(([left], [right]) => (left < right ? -1 : 1)))
    looks.set(folder, { ...last, folder: stampOfFile(folder), files, version: versions++ })
  }
}

export function stampOfFile(file: string): string {
  const { ino, mtimeMs, size } = statSync(file)
  return `${ino}-${mtimeMs}-${size}`
}

function lookAt(folder: string): Look {
  const last = looks.get(folder)
  const own = stampOfFile(folder)
  const isTrusted = last && last.files.size > manyFiles && now() - last.at < trusted
  if (isTrusted && last.folder === own) return last
  const files = new Map(filesOf(folder).map(file => [file, stampOfFile(file)]))
  const version = last && isSame(last.files, files) ? last.version : versions++
  const current = { at: now(), folder: own, files, version }
  looks.set(folder, current)
  return current
}

function isSame(left: Look['files'], right: Look['files']): boolean {
  return left.size === right.size && [...right].every(([file, current]) => left.get(file) === current)
}
