import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseCassette } from '../cassette/parse.ts'
import type { Recording } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import type { Location } from './locate.ts'

/**
 * Reads all recordings of a cassette; none where it does not exist yet.
 *
 * @throws {CassetteError} `bad-cassette`
 */
export function readCassette({ path: target, folder }: Location): Recording[] {
  return folder ? filesOf(target).flatMap(readFile) : readFile(target)
}

/** The cassette files of a folder, in the order in which they play. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .toSorted()
    .map(name => path.join(folder, name))
}

export function readFile(file: string): Recording[] {
  const text = readText(file)
  return text === undefined ? [] : parseCassette(text, file)
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

/** Changes whenever the cassette does; `undefined` where there is none. */
export function stampOf({ path: target, folder }: Location): string | undefined {
  if (!existsSync(target)) return undefined
  return folder ? filesOf(target).map(stamp).join() : stamp(target)
}

function stamp(file: string): string {
  const { ino, mtimeMs, size } = statSync(file)
  return `${ino}-${mtimeMs}-${size}`
}
