import { createHash } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Recording } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import type { Location } from './locate.ts'
import { isLocked, whileLocked } from './lock.ts'
import { printCassette, printRecording } from '../formats/print.ts'
import { beforeChange, filesWith } from './folder.ts'
import { readFile } from './read.ts'
import { removeLeftovers, writeAtomically } from './write.ts'

/** What a scope changes in its cassette. */
export interface Change {
  add: readonly Recording[]
  /** Recordings that are to go, as they were read. */
  drop: readonly Recording[]
}

/**
 * Merges a change into the cassette as it is on disk now, which may be newer than when it was read. Atomic: a reader,
 * and whoever looks after a crash, sees the file before or after, never in between.
 *
 * @returns the files that were written, each with the SHA-256 of its text
 * @throws {CassetteError} `bad-cassette` where the file is broken, `not-writable` where it cannot be written;
 * nothing is changed then
 */
export async function saveCassette(location: Location, change: Change): Promise<Record<string, string>> {
  const nothing = change.add.length === 0 && change.drop.length === 0
  // Only a killed process leaves a lock behind, and maybe a temporary file: whoever comes next clears both away.
  const wasLocked = isLocked(location.path)
  if (nothing && !wasLocked) return {}
  const written: Record<string, string> = {}
  const write = (file: string, text: string) => {
    writeAtomically(file, text)
    written[file] = createHash('sha256').update(text).digest('hex')
  }
  try {
    await whileLocked(location.path, stillThere => {
      if (wasLocked) removeLeftovers(location)
      if (nothing) return
      if (location.folder) mergeFolder(location.path, change, write)
      else mergeFile(location.path, change, { write, stillThere })
    })
    return written
  } catch (error) {
    if (error instanceof CassetteError) throw error
    throw new CassetteError(
      'not-writable',
      `Cannot write the cassette ${location.path}: ${(error as Error).message}\n` +
        'What was recorded in this run is lost. Make the folder writable and run the test again.',
      { file: location.path, cause: error },
    )
  }
}

type Write = (file: string, text: string) => void

function mergeFile(
  file: string,
  change: Change,
  { write, stillThere }: { write: Write; stillThere: () => void },
): void {
  const merged = merge(readFile(file), change)
  stillThere()
  const text = printCassette(merged)
  stillThere()
  write(file, text)
}

/** New recordings take the place of the dropped ones, so that a diff stays where the change is. */
function merge(current: readonly Recording[], { add, drop }: Change): Recording[] {
  const gone = new Drops(drop)
  const kept: Recording[] = []
  let place: number | undefined
  for (const recording of current) {
    if (gone.take(recording)) place ??= kept.length
    else kept.push(recording)
  }
  return kept.toSpliced(place ?? kept.length, 0, ...add)
}

/** In a folder each recording has a file of its own, which nothing else needs to be read or written for. */
function mergeFolder(folder: string, { add, drop }: Change, write: Write): void {
  const gone = new Drops(drop)
  const noteChange = beforeChange(folder)
  const changed: string[] = []
  if (drop.length > 0)
    for (const file of filesWith(folder, drop)) {
      const current = readFile(file)
      const kept = current.filter(recording => !gone.take(recording))
      if (kept.length === current.length) continue
      changed.push(file)
      if (kept.length === 0) rmSync(file)
      else write(file, printCassette(kept))
    }
  for (const recording of add) {
    const file = freeFile(folder, recording)
    changed.push(file)
    write(file, `${printRecording(recording)}\n`)
  }
  noteChange(changed)
}

/** `chat-completions-2f6c01aa.json`; files of a folder play in the order of their names, so the same call counts up. */
function freeFile(folder: string, recording: Recording): string {
  const endpoint = new URL(recording.request.url).pathname.split('/').slice(-2).join('-')
  const stem = endpoint.replace(/[^\w.-]+/g, '-').slice(0, 60)
  const hash = createHash('sha256').update(JSON.stringify(recording.request)).digest('hex').slice(0, 8)
  for (let count = 1; ; count++) {
    const file = path.join(folder, `${stem}-${hash}-${String(count).padStart(3, '0')}.json`)
    if (!existsSync(file)) return file
  }
}

/** Finds recordings again after the file was read anew; each is found as often as it is to go. */
class Drops {
  private readonly counts = new Map<string, number>()

  constructor(drop: readonly Recording[]) {
    for (const recording of drop) this.counts.set(idOf(recording), this.count(recording) + 1)
  }

  take(recording: Recording): boolean {
    const count = this.count(recording)
    if (count > 0) this.counts.set(idOf(recording), count - 1)
    return count > 0
  }

  private count(recording: Recording): number {
    return this.counts.size === 0 ? 0 : (this.counts.get(idOf(recording)) ?? 0)
  }
}

function idOf(recording: Recording): string {
  return JSON.stringify(recording)
}
