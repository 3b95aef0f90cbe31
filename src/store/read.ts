import { existsSync, readFileSync } from 'node:fs'
import { parseCassette } from '../formats/parse.ts'
import type { Recording } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import { readFolder, stampOfFile, versionOf } from './folder.ts'
import type { Location } from './locate.ts'

/**
 * Reads all recordings of a cassette; none where it does not exist yet.
 *
 * @throws {CassetteError} `bad-cassette`
 */
export function readCassette({ path: target, folder }: Location): Recording[] {
  return folder ? readFolder(target, readFile) : readFile(target)
}

export function readFile(file: string): Recording[] {
  const text = readText(file)
  return text === undefined ? [] : parseCassette(text, file)
}

/** Changes whenever the cassette does; `undefined` where there is none. */
export function stampOf({ path: target, folder }: Location): string | undefined {
  if (!existsSync(target)) return undefined
  return folder ? versionOf(target) : stampOfFile(target)
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
