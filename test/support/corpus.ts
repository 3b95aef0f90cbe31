import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')

/** Recorded traffic of real providers: the files that ship with the tests, and the whole corpus where it is there. */
const corpora = ['fixtures/corpus', '../shared/corpus']

/** One suite for each corpus that is there; a skipped test says which is not. */
export function describeCorpus(folder: 'wire' | 'llama-stack', suite: (dir: string) => void): void {
  for (const corpus of corpora) {
    const dir = path.resolve(root, corpus, folder)
    if (existsSync(dir)) describe(`${corpus}/${folder}`, () => suite(dir))
    // The reason: the whole corpus is larger than the project, and lies beside it only where it was put.
    else test.skip(`${corpus}/${folder} is not on this machine`, () => undefined)
  }
}

/** A raw response body, and how it came. */
export interface WireFile {
  file: string
  kind: 'sse' | 'json' | 'eventstream-binary'
  status: number
  content_type: string
  method: string
  url: string
  request?: unknown
}

export function wireFiles(dir: string): WireFile[] {
  const lines = readFileSync(path.join(dir, 'index.jsonl'), 'utf8').trim().split('\n')
  return lines.map(line => JSON.parse(line) as WireFile)
}

export function llamaStackFiles(dir: string): string[] {
  return globSync('*/*.json', { cwd: dir }).toSorted()
}
