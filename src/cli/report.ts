import type { CassetteFolder } from '../review/catalogue.ts'
import type { Progress } from './progress.ts'

/** What a command found out: for people, and for programs (`--json`). */
export interface Report {
  text: string
  data: unknown
  /** Default: 0. */
  exitCode?: number
}

/** Where a command runs: its `root` is the working directory. */
export interface Context extends CassetteFolder {
  /** Columns of the terminal; `undefined` where the output goes elsewhere, and is not cut to any width. */
  width: number | undefined
  progress: Progress
}

/** Says why a command cannot do what it was asked for. It is printed on stderr, and the exit code is 2. */
export class CommandError extends Error {
  override name = 'CommandError'
}

/** What the exit codes mean, for the help and the docs. */
export const exitCodes = {
  0: 'done; nothing found',
  1: 'check found something, diff found differences',
  2: 'could not do it: wrong usage, no such cassette, a broken file, no full last run',
} as const
