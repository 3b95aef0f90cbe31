import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { z } from 'zod'
import { expect, test } from 'vitest'
import fc from './support/fast-check.ts'
import { isRecording, schemas } from '../src/cassette/schema.ts'

const shipped = createRequire(import.meta.url).resolve('vitest-cassette/schema.json')
const jsonSchema = z.fromJSONSchema(JSON.parse(await readFile(shipped, 'utf8')))

const recording = {
  test: 'names the capital',
  recorded_at: '2026-11-23',
  request: {
    method: 'POST',
    url: 'https://api.cerebras.ai/v1/chat/completions',
    headers: { 'openai-beta': 'x' },
    body: { messages: [] },
    endpoint: '/v1/chat/completions',
    model: null,
  },
  response: {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    is_streaming: true,
    format: 'ndjson',
    event_names: 'type',
    body: [{ a: 1 }],
    timing: [1, 0.5],
    ended: 'complete',
  },
  note: 'a field that nobody knows',
}

type Path = readonly [string] | readonly [part: 'request' | 'response', name: string]
const path = fc.constantFrom<Path>(
  ...Object.keys(recording).map(name => [name] as const),
  ...Object.keys(recording.request).map(name => ['request', name] as const),
  ...Object.keys(recording.response).map(name => ['response', name] as const),
)
const odd: unknown[] = [
  [undefined, null, true, 99, 200, 599, 600, 200.5, -1, [], {}, [0, -1], ['1'], { a: 1 }],
  ['', 'POST', 'ndjson', 'type', 'error', 'http://a', ' http://a', 'http://[', 'a:b', 'a'],
  [{ a: 'ü€' }, { 'ä b': '' }, { 'x-y': 'z' }, { 'x-y': 1 }],
  [{ __base64__: 'YQ==' }, { __base64__: 'Y' }, { __base64__: 1 }],
].flat()
const value = fc.oneof(
  fc.constantFrom(...odd),
  fc.json().map(text => JSON.parse(text) as unknown),
)
const changedRecording = fc.tuple(path, value).map(([[part, name], replaced]) => {
  const inside = part === 'request' || part === 'response' ? recording[part] : undefined
  const changed = { ...recording, [part]: name === undefined ? replaced : { ...inside, [name]: replaced } }
  return JSON.parse(JSON.stringify(changed)) as unknown
})

test('a recording that zod takes as it is, and no other, is accepted without zod', () => {
  expect(isRecording(recording)).toBe(true)
  fc.assert(
    fc.property(changedRecording, changed => {
      const { success, data } = schemas().recording.safeParse(changed)
      const isUnchanged = success && JSON.stringify(data) === JSON.stringify(changed)
      expect(isRecording(changed)).toBe(isUnchanged)
    }),
    { numRuns: 2000 },
  )
})

test('the shipped JSON Schema accepts every recording that is read, and refuses what is not', () => {
  fc.assert(
    fc.property(changedRecording, changed => {
      const { success, error } = schemas().recording.safeParse(changed)
      // Zod, which reads the JSON Schema here, passes over what it says of bodies that are objects.
      fc.pre(!error?.message.includes('base64'))
      expect(jsonSchema.safeParse(changed).success).toBe(success)
    }),
    { numRuns: 500 },
  )
})

test('the shipped JSON Schema accepts a cassette in each of its forms, and nothing else', async () => {
  const seed = JSON.parse(
    await readFile(new URL('../fixtures/capital-question.json', import.meta.url), 'utf8'),
  )
  for (const cassette of [seed, [seed], { version: 1, recordings: [seed] }])
    expect(jsonSchema.safeParse(cassette).success).toBe(true)
  for (const none of [
    { version: 2, recordings: [] },
    { request: {} },
    'x',
    [{ ...seed, response: { status: 'ok' } }],
  ])
    expect(jsonSchema.safeParse(none).success).toBe(false)
})
