import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { z } from 'zod'
import { expect, test } from 'vitest'

const shipped = createRequire(import.meta.url).resolve('vitest-cassette/schema.json')

test('the shipped JSON Schema accepts cassettes and refuses what is none', async () => {
  const validator = z.fromJSONSchema(JSON.parse(await readFile(shipped, 'utf8')))
  const seed = JSON.parse(
    await readFile(new URL('../fixtures/capital-question.json', import.meta.url), 'utf8'),
  )
  for (const cassette of [seed, [seed], { version: 1, recordings: [seed] }])
    expect(validator.safeParse(cassette).success).toBe(true)
  for (const none of [
    { version: 2, recordings: [] },
    { request: {} },
    'x',
    [{ ...seed, response: { status: 'ok' } }],
  ])
    expect(validator.safeParse(none).success).toBe(false)
})
