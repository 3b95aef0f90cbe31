import path from 'node:path'
import { z } from 'zod'
import { expect, test } from 'vitest'
import fc from './support/fast-check.ts'
import { isRecording, schemas } from '../src/cassette/schema.ts'

test('the JSON Schema is that of the zod schema; `vitest -u` writes it again', async () => {
  const printed = `${JSON.stringify(z.toJSONSchema(schemas().cassette, { io: 'input' }), null, 2)}\n`
  await expect(printed).toMatchFileSnapshot(path.resolve('src/cassette/cassette.schema.json'))
})

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
}

test('a recording that zod takes as it is, and no other, is accepted without zod', () => {
  expect(isRecording(recording)).toBe(true)
  const places = fc.constantFrom(
    ...Object.keys(recording.request).map(name => ['request', name] as const),
    ...Object.keys(recording.response).map(name => ['response', name] as const),
  )
  const odd: unknown[] = [
    [undefined, null, true, 99, 200, 599, 600, 200.5, -1, [], {}, [0, -1], ['1'], { a: 1 }],
    ['', 'POST', 'ndjson', 'type', 'error', 'http://a', ' http://a', 'http://[', 'a:b', 'a'],
    [{ a: 'ü€' }, { 'ä b': '' }, { 'x-y': 'z' }],
    [{ __base64__: 'YQ==' }, { __base64__: 'Y' }, { __base64__: 1 }],
  ].flat()
  const values = fc.oneof(
    fc.constantFrom(...odd),
    fc.json().map(text => JSON.parse(text) as unknown),
  )
  fc.assert(
    fc.property(places, values, ([part, name], value) => {
      const changed = JSON.parse(
        JSON.stringify({ ...recording, [part]: { ...recording[part], [name]: value } }),
      ) as unknown
      const { success, data } = schemas().recording.safeParse(changed)
      const unchanged = success && JSON.stringify(data) === JSON.stringify(changed)
      expect(isRecording(changed)).toBe(unchanged)
    }),
    { numRuns: 2000 },
  )
})
