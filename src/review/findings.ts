import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { plainKeyOf } from '../match/key.ts'
import { parseCassette } from '../formats/parse.ts'
import type { Recording } from '../cassette/schema.ts'
import { identityOf } from '../cassette/identity.ts'
import { findSecrets } from '../redact/find-secrets.ts'
import type { Redactor } from '../redact/redactor.ts'
import { locate } from '../store/locate.ts'
import { relativePath } from '../store/relative-path.ts'
import type { CassetteFolder, StoredCassette } from './catalogue.ts'

/** Something in the cassette folder that a person should look at. */
export interface Finding {
  kind: 'schema' | 'secret' | 'misplaced' | 'duplicate'
  /** A note may be meant as it is, so `check` does not fail for it. */
  severity: 'error' | 'note'
  /** Relative to the root. */
  file: string
  message: string
}

/** What is wrong with one cassette. */
export function checkCassette(
  folder: CassetteFolder,
  cassette: StoredCassette,
  redactor: Redactor,
): Finding[] {
  const recordings: Recording[] = []
  const findings = cassette.files.flatMap(target => {
    const file = relativePath(folder.root, target)
    try {
      const found = parseCassette(readFileSync(target, 'utf8'), file)
      recordings.push(...found)
      return findSecrets(found, redactor).map(secret =>
        reportError('secret', file, `${secret.rule} at recordings${secret.path}`),
      )
    } catch (error) {
      return [reportError('schema', file, firstLine(error))]
    }
  })
  const file = relativePath(folder.root, cassette.location.path)
  const reason = explainMisplaced(folder, cassette)
  const misplaced = reason === undefined ? [] : [reportError('misplaced', file, reason)]
  return [...findings, ...misplaced, ...findDuplicates(recordings, file)]
}

const usualFiles = /^(?:\.git.*|\.prettier.*|\.DS_Store|README.*)$/i

/** Files in the folder that are no cassettes, and files and locks that a killed process has left. */
export function findStrayFiles({ dir, root }: CassetteFolder): Finding[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap(entry => {
    const isLock = entry.isDirectory() && entry.name.endsWith('.lock')
    if (entry.isDirectory() ? !isLock : entry.name.endsWith('.json') || usualFiles.test(entry.name)) return []
    const message =
      isLock || /\.json\.\d+\.tmp$/.test(entry.name)
        ? 'left by a process that was killed; delete it'
        : 'no cassette: its name does not end in .json'
    return [reportError('misplaced', relativePath(root, path.join(entry.parentPath, entry.name)), message)]
  })
}

function reportError(kind: Finding['kind'], file: string, message: string): Finding {
  return { kind, severity: 'error', file, message }
}

/** Why no test can use the cassette: a bad name, another cassette of that name, a test file that is gone. */
function explainMisplaced(
  { dir, root }: CassetteFolder,
  { name, location }: StoredCassette,
): string | undefined {
  try {
    const read = locate(dir, name).path
    if (read !== location.path) return `${relativePath(root, read)} has the same name, and is read instead`
  } catch (error) {
    return firstLine(error)
  }
  const testFile = /^(.+\.(?:test|spec)\.[cm]?[jt]sx?)\//.exec(name)?.[1]
  // The project's root is where the command runs, or where the cassette folder is.
  const roots = [root, path.dirname(dir)]
  if (testFile === undefined || roots.some(folder => existsSync(path.join(folder, testFile))))
    return undefined
  return `it belongs to the test file ${testFile}, which is not there`
}

/** An app that asks twice is recorded with the same request twice. The same recording twice comes from a bad merge. */
function findDuplicates(recordings: Recording[], file: string): Finding[] {
  const groups = Map.groupBy(recordings, ({ test = '', request }) => `${plainKeyOf(request)} ${test}`)
  return [...groups.values()].flatMap(group => {
    if (group.length === 1) return []
    const numbers = group.map(recording => recordings.indexOf(recording) + 1).join(', ')
    const isRepeated = new Set(group.map(identityOf)).size < group.length
    // No two answers take equally long. Recordings without times were written by hand, and may be meant.
    if (isRepeated && group.some(({ response }) => response.timing !== undefined))
      return [reportError('duplicate', file, `recordings ${numbers} are copies of each other`)]
    const message = `recordings ${numbers} answer the same request, one after the other`
    return [{ kind: 'duplicate', severity: 'note', file, message } as const]
  })
}

function firstLine(error: unknown): string {
  return (error as Error).message.split('\n')[0]!
}
