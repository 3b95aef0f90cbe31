import type { z as Zod } from 'zod'
import type { MatchOptions } from '../cassette/normalize.ts'
import { parsePath } from '../cassette/path.ts'
import { CassetteError } from '../errors.ts'
import { load } from '../load.ts'
import type { Timing } from '../network/timing.ts'
import type { RedactOptions } from '../redact/redactor.ts'
import { modes, type Mode } from './mode.ts'

/** The cassette folder, relative to the project's root, unless the option `dir` says otherwise. */
export const defaultDir = 'cassettes'

/** For one cassette, or, given to the plugin, for all. */
export interface CassetteOptions {
  /** When to record and when to replay. Default: `auto`, in CI `replay`. */
  mode?: Mode
  /** What of a request counts when it is compared with the recorded ones. */
  match?: MatchOptions
  /** The last recording of a request answers every further one. Default: `false`, each plays once. */
  repeat?: boolean
  /** When the events of a replayed stream come. Default: `'instant'`. */
  timing?: Timing
  /** Records 401, 403, 408, 409, 429 and 5xx too, which are otherwise passed to the app only. Default: `false`. */
  recordErrors?: boolean
  /** What is taken out of recordings besides known key formats and the values of secret-looking environment variables. */
  redact?: RedactOptions
  /** Hosts (`llm.example.com`), paths (`/v1/rerank`) or patterns of the URL that count as LLM calls besides the known ones. */
  include?: (string | RegExp)[]
  /** Hosts, paths or patterns that do not count. */
  exclude?: (string | RegExp)[]
  /** The cassette folder, relative to the project's root. Default: `cassettes`. */
  dir?: string
}

/** Credentials, and what tells whose account it is. */
const unstored =
  /^(?:authorization|proxy-authorization|cookie|set-cookie|.*api-key|.*-(?:organization|project|account)(?:-id)?|x-goog-user-project|x-amz-.*)$/i

/** Made when options are checked first: a test file without options does not load zod for them. */
function makeSchema(z: typeof Zod) {
  const jsonPath = z.string().superRefine((path, context) => {
    try {
      parsePath(path)
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
    }
  })
  const patterns = z.array(z.union([z.string(), z.instanceof(RegExp)]))
  const positive = z.number().positive()
  return z
    .strictObject({
      mode: z.enum(modes),
      match: z
        .strictObject({
          ignore: z.array(jsonPath),
          replace: z.array(z.tuple([z.instanceof(RegExp), z.string()])),
          dates: z.boolean(),
          uuids: z.boolean(),
          tmpPaths: z.boolean(),
          host: z.boolean(),
          headers: z.array(
            z.string().refine(name => !unstored.test(name), 'is never stored, so it cannot count'),
          ),
        })
        .partial(),
      redact: z
        .strictObject({
          values: z.array(z.string().min(4)),
          patterns: z.array(z.instanceof(RegExp)),
          headers: z.array(z.string()),
          custom: z.custom<(text: string) => string>(
            value => typeof value === 'function',
            'expected a function',
          ),
        })
        .partial(),
      repeat: z.boolean(),
      timing: z.union([
        z.enum(['instant', 'recorded']),
        z.strictObject({ speed: positive }),
        z.strictObject({ tokensPerSecond: positive }),
      ]),
      recordErrors: z.boolean(),
      include: patterns,
      exclude: patterns,
      dir: z.string().min(1),
    })
    .partial()
}

let schema: ReturnType<typeof makeSchema> | undefined

/**
 * Checks options that a person wrote.
 *
 * @param where they stand: `useCassette('capital-question')`
 * @throws {CassetteError} `bad-option`, naming the option
 */
export function checkOptions(options: CassetteOptions, where: string): CassetteOptions {
  if (isEmpty(options)) return options
  const { z } = load('zod')
  const { error } = (schema ??= makeSchema(z)).safeParse(options)
  if (error) throw new CassetteError('bad-option', `Bad option of ${where}:\n${z.prettifyError(error)}`)
  return options
}

function isEmpty(options: unknown): boolean {
  return typeof options === 'object' && options !== null && Object.keys(options).length === 0
}

/** The call's options over the plugin's; `match` is joined option by option, and `redact` only ever grows. */
export function mergeOptions(base: CassetteOptions, own: CassetteOptions): CassetteOptions {
  return {
    ...base,
    ...own,
    match: { ...base.match, ...own.match },
    redact: joinRedaction(base.redact, own.redact),
  }
}

function joinRedaction(base: RedactOptions = {}, own: RedactOptions = {}): RedactOptions {
  const custom = own.custom ?? base.custom
  return {
    values: [...(base.values ?? []), ...(own.values ?? [])],
    patterns: [...(base.patterns ?? []), ...(own.patterns ?? [])],
    headers: [...(base.headers ?? []), ...(own.headers ?? [])],
    ...(custom ? { custom } : {}),
  }
}
