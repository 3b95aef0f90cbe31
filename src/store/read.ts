import { existsSync, readFileSync, statSync } from 'node:fs'
import { parseCassette } from '../formats/parse.ts'
import type { Recording } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import { filesOf } from './folder.ts'
import type { Location } from './locate.ts'

/**
 * Reads all recordings of a cassette. One that does not exist yet has none.
 *
 * @throws {CassetteError} `bad-cassette`
 */
export function readCassette({ path: target, folder }: Location): Recording[] {
  return folder ? filesOf(target).flatMap(readFile) : readFile(target)
}

/** Reads the recordings of one file. A file that does not exist has none. */
export function readFile(file: string): Recording[] {
  const text = readText(file)
  return text === undefined ? [] : parseCassette(text, file)
}

/** Makes a text that is another one as soon as a file of the cassette has changed; `undefined` where there is none. */
export function stampOf({ path: target, folder }: Location): string | undefined {
  if (!existsSync(target)) return undefined
  return folder ? filesOf(target).map(stampOfFile).join() : stampOfFile(target)
}

function stampOfFile(file: string): string {
  // Another process may have taken the file away since the folder was listed.
  const { ino, mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? {}
  return `${file} ${ino} ${mtimeMs} ${size}`
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new CassetteError('bad-cassette', `Cannot read the cassette ${file}: ${(error as Error).message}`, {
      file,
      cause: error,
    })
  }
}
