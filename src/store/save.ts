import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { identityOf } from '../cassette/identity.ts'
import type { Recording } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import type { Location } from './locate.ts'
import { isLocked, whileLocked } from './lock.ts'
import { serializeCassette, serializeRecording } from '../formats/serialize.ts'
import { filesOf, newFile } from './folder.ts'
import { readFile } from './read.ts'
import { removeLeftovers, writeAtomically } from './write.ts'

/** What a scope changes in its cassette. */
export interface Change {
  add: readonly Recording[]
  /** Recordings that are to go, as they were read. */
  drop: readonly Recording[]
}

/**
 * Merges a change into the cassette as it is on disk now, which may be newer than when it was read. Each file is
 * replaced at once: neither a reader nor a crash ever sees half of it.
 *
 * @returns the files that were written, each with the SHA-256 of its text
 * @throws {CassetteError} `bad-cassette` where the file is broken, `not-writable` where it cannot be written;
 * nothing is changed then
 */
export async function saveCassette(location: Location, change: Change): Promise<Record<string, string>> {
  const nothing = change.add.length === 0 && change.drop.length === 0
  // A killed process leaves its lock behind, and maybe a temporary file: the next process removes both.
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
      const merge = location.folder ? mergeFolder : mergeFile
      merge(location.path, change, { write, stillThere })
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

interface Writing {
  write: (file: string, text: string) => void
  /** Is to be called between steps that take long, so that the lock stays ours. */
  stillThere: () => void
}

function mergeFile(file: string, change: Change, { write, stillThere }: Writing): void {
  const merged = mergedWith(readFile(file), change)
  stillThere()
  const text = serializeCassette(merged)
  stillThere()
  write(file, text)
}

/** New recordings stand where the first dropped one stood, so that a diff shows the change in one place. */
function mergedWith(current: readonly Recording[], { add, drop }: Change): Recording[] {
  const dropped = current.map(dropping(drop))
  const first = dropped.indexOf(true)
  const kept = current.filter((_, index) => !dropped[index])
  return kept.toSpliced(first === -1 ? kept.length : first, 0, ...add)
}

/** In a folder each new recording gets a file of its own, and a file that loses none is not written. */
function mergeFolder(folder: string, { add, drop }: Change, { write, stillThere }: Writing): void {
  const isDropped = dropping(drop)
  // All files are read before the first is written: where one is broken, nothing is changed.
  const files = drop.length === 0 ? [] : filesOf(folder).map(file => ({ file, current: readFile(file) }))
  stillThere()
  for (const { file, current } of files) {
    const kept = current.filter(recording => !isDropped(recording))
    if (kept.length === current.length) continue
    if (kept.length === 0) rmSync(file)
    else write(file, serializeCassette(kept))
  }
  for (const recording of add) write(newFile(folder, recording), `${serializeRecording(recording)}\n`)
}

/** Makes a function that tells which recordings are to go once the file was read again: each as often as it was given. */
function dropping(drop: readonly Recording[]): (recording: Recording) => boolean {
  const counts = new Map<string, number>()
  const countOf = (id: string) => counts.get(id) ?? 0
  for (const id of drop.map(identityOf)) counts.set(id, countOf(id) + 1)
  return recording => {
    if (drop.length === 0) return false
    const id = identityOf(recording)
    const count = countOf(id)
    counts.set(id, count - 1)
    return count > 0
  }
}
