import type { z as Zod } from 'zod'
import { parsePath } from '../cassette/path.ts'
import { CassetteError } from '../errors.ts'
import { load } from '../load.ts'
import type { CassetteOptions } from './options.ts'
import { modes } from './mode.ts'

/**
 * Checks options that a person wrote.
 *
 * @param where they stand: `useCassette('capital-question')`
 * @throws {CassetteError} `bad-option`, naming the option
 */
export function checkOptions(options: CassetteOptions, where: string): CassetteOptions {
  if (areValid(options)) return options
  const { z } = load('zod')
  const { error } = optionsSchema(z).safeParse(options)
  if (error) throw new CassetteError('bad-option', `Bad option of ${where}:\n${z.prettifyError(error)}`)
  return options
}

/** Credentials, and what tells whose account it is. */
const unstored =
  /^(?:authorization|proxy-authorization|cookie|set-cookie|.*api-key|.*-(?:organization|project|account)(?:-id)?|x-goog-user-project|x-amz-.*)$/i

type Check = (value: unknown) => boolean

const isText: Check = value => typeof value === 'string'
const isBoolean: Check = value => typeof value === 'boolean'
const isPattern: Check = value => value instanceof RegExp
const listOf =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check)
const shapeOf =
  (checks: Readonly<Record<string, Check>>): Check =>
  value =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(
      ([name, item]) => Object.hasOwn(checks, name) && (item === undefined || checks[name]!(item)),
    )
const places = listOf(value => isText(value) || isPattern(value))

/** Holds of valid options only, and of nearly all of them: a test file that has some does not load zod for it. */
export const areValid = shapeOf({
  mode: value => (modes as readonly unknown[]).includes(value),
  match: shapeOf({
    ignore: listOf(isPath),
    replace: listOf(
      value => Array.isArray(value) && value.length === 2 && isPattern(value[0]) && isText(value[1]),
    ),
    dates: isBoolean,
    uuids: isBoolean,
    tmpPaths: isBoolean,
    host: isBoolean,
    headers: listOf(value => typeof value === 'string' && !unstored.test(value)),
  }),
  redact: shapeOf({
    values: listOf(value => typeof value === 'string' && value.length >= 4),
    patterns: listOf(isPattern),
    headers: listOf(isText),
    custom: value => typeof value === 'function',
  }),
  repeat: isBoolean,
  timing: value => value === 'instant' || value === 'recorded',
  recordErrors: isBoolean,
  include: places,
  exclude: places,
  dir: value => typeof value === 'string' && value !== '',
})

function isPath(value: unknown): boolean {
  try {
    return typeof value === 'string' && parsePath(value).length >= 0
  } catch {
    return false
  }
}

/** Explains what is wrong with options; 50 ms to load zod for it. */
export function optionsSchema(z: typeof Zod) {
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
