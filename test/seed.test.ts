import { readFile } from 'node:fs/promises'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { useCassette } from 'vitest-cassette'

// At module level, and without a key: what the plugin has to be early enough for.
const client = new OpenAI({ baseURL: 'https://api.cerebras.ai/v1' })

const seed = new URL('../fixtures/capital-question.json', import.meta.url)

test('the seed replays through the OpenAI SDK, object by object', async () => {
  const cassette = useCassette('capital-question', { mode: 'replay' })
  const before = await readFile(seed)
  const stream = await client.chat.completions.create({
    model: 'llama-3.3-70b',
    messages: [{ role: 'user', content: 'What is the name of the US captial?' }],
    stream: true,
  })
  const chunks = await Array.fromAsync(stream)

  const recorded = JSON.parse(before.toString()).response.body.map(
    (item: { __data__: unknown }) => item.__data__,
  )
  expect(chunks).toHaveLength(22)
  expect(chunks).toEqual(recorded)
  expect(cassette.calls).toMatchObject([{ outcome: 'replayed', model: 'llama-3.3-70b' }])
  expect(await readFile(seed)).toEqual(before)
})

test('the seed ends its stream with [DONE]', async () => {
  useCassette('capital-question', { mode: 'replay' })
  const response = await fetch('https://api.cerebras.ai/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      stream: true,
      messages: [{ content: 'What is the name of the US captial?', role: 'user' }],
      model: 'llama-3.3-70b',
    }),
  })
  const events = (await response.text()).split('\n\n')
  expect(events.slice(-2)).toEqual(['data: [DONE]', ''])
  expect(events).toHaveLength(24)
})
