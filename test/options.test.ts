import fc from './support/fast-check.ts'
import { z } from 'zod'
import { expect, test } from 'vitest'
import { areValid, optionsSchema } from '../src/session/check-options.ts'

const text = fc.constantFrom('', 'abc', 'abcd', 'messages[*].id', '[', 'authorization', 'openai-beta')
const any = fc.oneof(
  text,
  fc.boolean(),
  fc.constantFrom(1, null, undefined, /a/g, () => 'a', 'replay', 'instant'),
  fc.constantFrom(
    { speed: 4 },
    { speed: 0 },
    { speed: Infinity },
    { tokensPerSecond: 50 },
    { speed: 1, a: 1 },
    {},
  ),
)
const anyList = fc.oneof(any, fc.array(any, { maxLength: 2 }), fc.array(fc.tuple(any, any), { maxLength: 2 }))
const object = (names: readonly string[], value: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom(...names, 'other'), value, { maxKeys: 3, noNullPrototype: true })
const match = object(['ignore', 'replace', 'dates', 'uuids', 'tmpPaths', 'host', 'headers'], anyList)
const redact = object(['values', 'patterns', 'headers', 'custom'], anyList)
const names = ['mode', 'repeat', 'timing', 'recordErrors', 'include', 'exclude', 'dir']
const options = fc.oneof(
  object(names, anyList),
  fc.record({ match: fc.oneof(match, any) }),
  fc.record({ redact: fc.oneof(redact, any) }),
  any,
)

test('options are accepted without zod only where zod would accept them', () => {
  fc.assert(
    fc.property(options, given => {
      if (areValid(given)) expect(optionsSchema(z).safeParse(given).error).toBeUndefined()
    }),
    { numRuns: 5000 },
  )
})

test.each([
  [{ mode: 'replay', repeat: true, timing: 'recorded', dir: 'fixtures', recordErrors: false }],
  [
    {
      match: {
        ignore: ['metadata.run_id'],
        replace: [[/a/, 'b']],
        dates: true,
        host: false,
        headers: ['openai-beta'],
      },
    },
  ],
  [{ timing: { speed: 4 }, mode: undefined }],
  [{ timing: { tokensPerSecond: 50 } }],
  [
    {
      redact: { values: ['abcd'], patterns: [/a/], headers: ['x-request-id'], custom: String },
      include: ['a', /b/],
    },
  ],
])('valid options are accepted without zod: %o', given => {
  expect(areValid(given)).toBe(true)
})
