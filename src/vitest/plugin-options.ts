import { CassetteError } from '../errors.ts'
import { checkOptions } from '../session/check-options.ts'
import type { CassetteOptions } from '../session/options.ts'

/** For all cassettes of a project, and for its runs. */
export interface PluginOptions extends CassetteOptions {
  /**
   * What a full and green run does about recordings that no test plays, and cassettes that no test asks for: says so,
   * fails, or nothing. Default: `warn`.
   */
  unused?: 'warn' | 'fail' | 'ignore'
  /**
   * What a run does about LLM calls of tests without a cassette, and, while a test replays, about requests to hosts that are
   * neither this machine nor known: says so, fails, or nothing. Default: `warn`. A host of `exclude` is known.
   */
  uncovered?: 'warn' | 'fail' | 'ignore'
  /** Warns of recordings that are older: `90d`, `12w`. Never records them again. Default: no limit. */
  maxAge?: string
}

/** What the reporter acts upon. */
export interface RunOptions {
  unused: 'warn' | 'fail' | 'ignore'
  uncovered: 'warn' | 'fail' | 'ignore'
  maxAge?: string | undefined
}

const words: readonly string[] = ['warn', 'fail', 'ignore'] satisfies RunOptions['unused'][]

/** @throws {CassetteError} `bad-option` */
export function checkPluginOptions({
  unused = 'warn',
  uncovered = 'warn',
  maxAge,
  ...options
}: PluginOptions): [CassetteOptions, RunOptions] {
  if (options.redact?.custom)
    throw new CassetteError(
      'bad-option',
      'Bad option of cassettes(): redact.custom is a function, and functions do not reach the workers.\n' +
        'Give it to setupCassettes({ redact: { custom } }) in a setup file, or to useCassette().',
    )
  for (const [name, word] of Object.entries({ unused, uncovered }))
    if (!words.includes(word)) throw badOption(name, "'warn', 'fail' or 'ignore'", word)
  if (maxAge !== undefined && !/^\d+[dw]$/.test(maxAge))
    throw badOption('maxAge', 'days or weeks, such as 90d or 12w', maxAge)
  return [checkOptions(options, 'cassettes()'), { unused, uncovered, maxAge }]
}

function badOption(name: string, expected: string, found: unknown): CassetteError {
  return new CassetteError(
    'bad-option',
    `Bad option of cassettes():\n✖ Invalid input: expected ${expected}, found ${JSON.stringify(found)}\n  → at ${name}`,
  )
}
