import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { CommandError } from '../cli/report.ts'

/** Where a run of Vitest leaves what it saw, relative to the project's root. */
export const lastRunFile = 'node_modules/.vitest-cassette/last-run.json'

/**
 * What the last run of Vitest saw of the cassettes. Written by the reporter at the end of every run, read by `prune`.
 * Paths are relative to the project's root, with `/`, or absolute.
 */
export const lastRunSchema = z.looseObject({
  /** Whether every test ran, to its end: only then is what nobody played unused. */
  full: z.boolean(),
  /** Recordings that no test of their scope played: the place in the file's recordings, from 0. */
  unused: z.array(z.looseObject({ file: z.string(), index: z.int().min(0) })),
  /** Cassette files that no test asked for. */
  orphans: z.array(z.string()),
})

export type LastRun = z.infer<typeof lastRunSchema>

/** @throws {CommandError} where there was no run, or it was not full */
export function readLastRun(root: string): LastRun {
  const run = parseLastRun(root)
  if (!run.full)
    throw new CommandError(
      'The last run was not full: it left tests out, or some failed, so what it did not play may still be needed.\nRun all tests: npx vitest run',
    )
  return run
}

function parseLastRun(root: string): LastRun {
  let text: string
  try {
    text = readFileSync(path.join(root, lastRunFile), 'utf8')
  } catch {
    throw new CommandError(
      `There is no record of a run (${lastRunFile}), so nobody knows what is unused.\nRun all tests, with the plugin: npx vitest run`,
    )
  }
  try {
    return lastRunSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new CommandError(`Cannot read ${lastRunFile}: ${(error as Error).message}`)
  }
}
