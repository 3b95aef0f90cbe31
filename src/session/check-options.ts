import type { z as Zod } from 'zod'
import {
  boolean,
  callable,
  either,
  exactShape,
  list,
  numberThat,
  oneOf,
  partialShape,
  pattern,
  text,
  textThat,
  tuple,
} from '../cassette/checks.ts'
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

/** Headers that hold credentials, or that say whose account it is. */
const unstored =
  /^(?:authorization|proxy-authorization|cookie|set-cookie|.*api-key|.*-(?:organization|project|account)(?:-id)?|x-goog-user-project|x-amz-.*)$/i

const jsonPath = textThat(isPath)
const patterns = list(either(text, pattern))
const positive = numberThat(number => number > 0)

/** Whether options are valid, found out without zod. `optionsSchema` says the same, and what is wrong with others. */
export const areValid = partialShape({
  mode: oneOf(...modes),
  match: partialShape({
    ignore: list(jsonPath),
    replace: list(tuple(pattern, text)),
    dates: boolean,
    uuids: boolean,
    tmpPaths: boolean,
    host: boolean,
    headers: list(textThat(name => !unstored.test(name))),
  }),
  redact: partialShape({
    values: list(textThat(value => value.length >= 4)),
    patterns: list(pattern),
    headers: list(text),
    custom: callable,
  }),
  repeat: boolean,
  timing: either(
    oneOf('instant', 'recorded'),
    exactShape({ speed: positive }),
    exactShape({ tokensPerSecond: positive }),
  ),
  recordErrors: boolean,
  include: patterns,
  exclude: patterns,
  dir: textThat(dir => dir !== ''),
})

function isPath(path: string): boolean {
  try {
    parsePath(path)
    return true
  } catch {
    return false
  }
}

/** Explains what is wrong with options. */
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
