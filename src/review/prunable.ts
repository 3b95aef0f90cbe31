import { existsSync, rmSync, statSync } from 'node:fs'
import { isInside, relativePath } from '../store/relative-path.ts'
import { lastRunFile, readLastRun, writeLastRun, type LastRun } from '../store/last-run.ts'
import { whileLocked } from '../store/lock.ts'
import { readFile } from '../store/read.ts'
import { saveCassette } from '../store/save.ts'
import { numberRecordings, type NumberedRecording } from './calls.ts'
import { ReviewError } from './review-error.ts'

/** What the last full run did not need, as it stands on the disk now. */
export interface Prunable {
  /** Cassette files that no test asked for, absolute. */
  orphans: string[]
  /** The recordings of other files that no test played. */
  unused: { file: string; recordings: NumberedRecording[] }[]
}

/** @throws {ReviewError} where the last run does not tell what is unused */
export function findPrunable(root: string): Prunable {
  const run = readFullRun(root)
  const unusedByFile = Map.groupBy(run.unused, ({ file }) => file)
  for (const file of [...run.orphans, ...unusedByFile.keys()]) checkNamed(file, root, run)
  const orphans = run.orphans.filter(file => existsSync(file))
  const unused = [...unusedByFile].flatMap(([file, entries]) => {
    const places = new Set(entries.map(({ index }) => index))
    const recordings = numberRecordings(readFile(file)).filter(({ number }) => places.has(number - 1))
    return recordings.length === 0 || orphans.includes(file) ? [] : [{ file, recordings }]
  })
  return { orphans, unused }
}

/** Deletes what `findPrunable` found. A file of which every recording is unused goes as a whole. */
export async function deletePrunable(root: string, { orphans, unused }: Prunable): Promise<void> {
  const { dirs } = readFullRun(root)
  for (const file of orphans) await deleteFile(file)
  for (const { file, recordings } of unused) {
    const drop = recordings.map(({ recording }) => recording)
    if (drop.length === readFile(file).length) await deleteFile(file)
    else await saveCassette({ path: file, folder: false }, { add: [], drop })
  }
  // The recordings have other places in their files now, so the list must not be used again.
  writeLastRun(root, { full: true, dirs, unused: [], orphans: [] })
}

function deleteFile(file: string): Promise<void> {
  return whileLocked(file, () => rmSync(file, { force: true }))
}

function readFullRun(root: string) {
  const run = readLastRun(root)
  if (!run)
    throw new ReviewError(
      `There is no record of a run in ${lastRunFile}, so nobody knows what is unused.\nRun all tests, with the plugin: npx vitest run`,
    )
  if (run.full) return run
  throw new ReviewError(
    'The last run was not full: it left tests out, or some failed, so what it did not play may still be needed.\nRun all tests: npx vitest run',
  )
}

/** The list counts only for cassettes of that run, and only while they are as the run saw them. */
function checkNamed(file: string, root: string, { dirs, writtenAt }: LastRun & { writtenAt: number }): void {
  const shownFile = relativePath(root, file)
  if (!file.endsWith('.json') || !dirs.some(dir => isInside(dir, file)))
    throw new ReviewError(
      `${lastRunFile} names ${shownFile}, which is no cassette of this project: no .json file in ${dirs.map(dir => relativePath(root, dir)).join(', ')}.`,
    )
  if (existsSync(file) && statSync(file).mtimeMs > writtenAt)
    throw new ReviewError(`${shownFile} has changed since the last run.\nRun all tests again: npx vitest run`)
}
