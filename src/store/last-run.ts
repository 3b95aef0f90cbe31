import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { load } from '../load.ts'
import { relativePath } from './relative-path.ts'

/** Where a run of Vitest leaves what it saw, relative to the project's root. */
export const lastRunFile = 'node_modules/.vitest-cassette/last-run.json'

/**
 * What the last run of Vitest saw of the cassettes. The reporter writes it at the end of every run, and `prune` reads
 * it. Paths are absolute here; in the file they are relative to the root, as `relativePath` writes them.
 */
export interface LastRun {
  /** Whether every test ran and passed. Only then is a recording that nobody played unused. */
  full: boolean
  /** The folders in which the cassettes of the run lie. */
  dirs: string[]
  /** Recordings that no test played; `index` counts the recordings of the file from 0. */
  unused: { file: string; index: number }[]
  /** Cassette files that no test asked for. */
  orphans: string[]
}

export function writeLastRun(root: string, run: LastRun): void {
  const file = path.join(root, lastRunFile)
  mkdirSync(path.dirname(file), { recursive: true })
  const content = mapPaths(run, target => relativePath(root, target))
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`)
}

/** @returns the run, and when its file was written, in ms; `undefined` where no such file can be read */
export function readLastRun(root: string): (LastRun & { writtenAt: number }) | undefined {
  const file = path.join(root, lastRunFile)
  try {
    const run = lastRunSchema().parse(JSON.parse(readFileSync(file, 'utf8')))
    return { ...mapPaths(run, target => path.resolve(root, target)), writtenAt: statSync(file).mtimeMs }
  } catch {
    return undefined
  }
}

function mapPaths({ full, dirs, unused, orphans }: LastRun, change: (target: string) => string): LastRun {
  return {
    full,
    dirs: dirs.map(change),
    unused: unused.map(({ file, index }) => ({ file: change(file), index })),
    orphans: orphans.map(change),
  }
}

/** The reporter never reads the file, so it does not wait for zod. */
function lastRunSchema() {
  const { z } = load('zod')
  return z.looseObject({
    full: z.boolean(),
    dirs: z.array(z.string()),
    unused: z.array(z.looseObject({ file: z.string(), index: z.int().min(0) })),
    orphans: z.array(z.string()),
  })
}
