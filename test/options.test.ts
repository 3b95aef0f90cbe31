import { execFileSync } from 'node:child_process'
import path from 'node:path'
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

/** Plays the seed in a process of its own, and says whether zod was loaded for it. */
const player = `
  import { createRequire } from 'node:module'
  import { withCassette } from 'vitest-cassette/node'
  const { cache } = createRequire(process.cwd() + '/')
  await withCassette('capital-question', () => undefined, JSON.parse(process.argv[1])).catch(() => undefined)
  console.log(Object.keys(cache).some(file => file.includes('node_modules/zod/')))
`
test.each([
  [{ dir: 'fixtures', mode: 'replay', match: { uuids: true }, timing: { speed: 4 } }, 'false'],
  [{ dir: 'fixtures', mode: 'replay', match: { uuid: true } }, 'true'],
])('with the options %j and a valid cassette, zod is loaded: %s', (given, isLoaded) => {
  const args = ['--input-type=module', '-e', player, JSON.stringify(given)]
  const printed = execFileSync(process.execPath, args, {
    cwd: path.resolve(import.meta.dirname, '..'),
    encoding: 'utf8',
  })
  expect(printed.trim()).toBe(isLoaded)
})
