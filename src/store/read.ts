import { existsSync, readFileSync } from 'node:fs'
import { parseCassette } from '../formats/parse.ts'
import { parseLarge } from '../formats/parse-large.ts'
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
  const bytes = readBytes(file)
  if (!bytes) return []
  return bytes.length < large ? parseCassette(bytes.toString(), file) : parseLarge(bytes, file)
}

/** What takes longer to parse than a test should wait for it, in bytes. */
const large = 2 ** 20

/** Changes whenever the cassette does; `undefined` where there is none. */
export function stampOf({ path: target, folder }: Location): string | undefined {
  if (!existsSync(target)) return undefined
  return folder ? versionOf(target) : stampOfFile(target)
}

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
