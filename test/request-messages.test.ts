import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { withCassette } from 'vitest-cassette/node'
import { startProvider, type Reply } from './support/provider.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
})

/** Says "ok" in the shape of the API that is asked. */
const reply: Reply = ({ url }, response) => {
  const content = [{ type: url.endsWith('/responses') ? 'output_text' : 'text', text: 'ok' }]
  const answer = url.endsWith('/responses')
    ? { object: 'response', status: 'completed', output: [{ type: 'message', role: 'assistant', content }] }
    : { object: 'interaction', status: 'completed', steps: [{ type: 'model_output', content }] }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
}

/** The turn of an agent after it has run two tools, whose calls have these ids. */
function turn(paris: string, rome: string, answered = [paris, rome]): OpenAI.Responses.ResponseInput {
  const callTo = (call_id: string, city: string) =>
    ({ type: 'function_call', call_id, name: 'weather', arguments: JSON.stringify({ city }) }) as const
  return [
    { role: 'user', content: 'Where is the sun?' },
    callTo(paris, 'Paris'),
    callTo(rome, 'Rome'),
    { type: 'function_call_output', call_id: answered[0]!, output: '{"sky":"grey"}' },
    { type: 'function_call_output', call_id: answered[1]!, output: [{ type: 'input_text', text: 'blue' }] },
  ]
}
const ask = (baseURL: string, input: OpenAI.Responses.ResponseInput) =>
  new OpenAI({ baseURL, apiKey: 'k' }).responses.create({ model: 'm', instructions: 'Be brief.', input })

test("each function_call_output of the Responses API is a tool's message with the id of its call", async () => {
  await using provider = await startProvider(reply)
  const conversation = await withCassette(
    'turn',
    async ({ calls }) => {
      await ask(provider.url, turn('call_paris01', 'call_rome001'))
      return calls[0]!.conversation
    },
    { dir, mode: 'auto' },
  )
  const calling = (id: string, city: string) => ({
    role: 'assistant',
    toolCalls: [{ id, name: 'weather', arguments: { city } }],
  })
  expect(conversation).toMatchObject({ api: 'openai-responses', answers: [{ text: 'ok' }] })
  expect(conversation.messages).toEqual([
    { role: 'system', text: 'Be brief.' },
    { role: 'user', text: 'Where is the sun?' },
    calling('call_paris01', 'Paris'),
    calling('call_rome001', 'Rome'),
    { role: 'tool', text: '{"sky":"grey"}', toolCallId: 'call_paris01' },
    { role: 'tool', text: 'blue', toolCallId: 'call_rome001' },
  ])
})

test('the results of tools match a recording whose calls had other ids, made by the client', async () => {
  await using provider = await startProvider(reply)
  const recorded = turn('call_paris01', 'call_rome001')
  await withCassette('turn', () => ask(provider.url, recorded), { dir, mode: 'auto' })
  await provider.stop()
  const replay = () => ask(provider.url, turn('call_8a7b6c5d', 'call_1f2e3d4c'))
  const { output_text } = await withCassette('turn', replay, { dir, mode: 'replay' })
  expect(output_text).toBe('ok')
})

test('results that answer other calls than those of the recording are a miss', async () => {
  await using provider = await startProvider(reply)
  const recorded = turn('call_paris01', 'call_rome001')
  await withCassette('turn', () => ask(provider.url, recorded), { dir, mode: 'auto' })
  const swapped = turn('call_paris01', 'call_rome001', ['call_rome001', 'call_paris01'])
  const replay = withCassette('turn', () => ask(provider.url, swapped), { dir, mode: 'replay' })
  await expect(replay).rejects.toMatchObject({ code: 'miss' })
  expect(provider.requests).toHaveLength(1)
})

const text = (said: string) => ({ type: 'text', text: said })
const image = { type: 'image', data: 'aGk=', mime_type: 'image/png' }

test.for<[string, unknown, object[]]>([
  ['a text', 'Hi', [{ role: 'user', text: 'Hi' }]],
  ['a part', text('Hi'), [{ role: 'user', text: 'Hi' }]],
  [
    'messages with a role',
    [
      { role: 'user', content: 'Hi' },
      { role: 'model', content: [text('Hello!')] },
      { role: 'user', content: [text('Who is this?'), image] },
    ],
    [
      { role: 'user', text: 'Hi' },
      { role: 'assistant', text: 'Hello!' },
      { role: 'user', text: 'Who is this?', attachments: ['image'] },
    ],
  ],
  [
    'steps, with tools and their results',
    [
      { type: 'user_input', content: [text('Weather?'), image] },
      { type: 'thought', signature: 'x', summary: [text('A tool knows.')] },
      { type: 'function_call', id: 'call_1', name: 'weather', arguments: { city: 'Bonn' } },
      { type: 'function_result', call_id: 'call_1', name: 'weather', result: { sky: 'blue' } },
      { type: 'google_search_call', id: 'call_2', arguments: { queries: ['Bonn'] } },
      { type: 'google_search_result', call_id: 'call_2', result: [text('A city.')] },
      { type: 'model_output', content: [text('Blue.')] },
    ],
    [
      { role: 'user', text: 'Weather?', attachments: ['image'] },
      { role: 'assistant', reasoning: 'A tool knows.' },
      {
        role: 'assistant',
        toolCalls: [{ id: 'call_1', name: 'weather', arguments: { city: 'Bonn' } }],
      },
      { role: 'tool', text: '{"sky":"blue"}', toolCallId: 'call_1' },
      {
        role: 'assistant',
        toolCalls: [{ id: 'call_2', name: 'google_search', arguments: { queries: ['Bonn'] }, hosted: true }],
      },
      { role: 'tool', text: 'A city.', toolCallId: 'call_2' },
      { role: 'assistant', text: 'Blue.' },
    ],
  ],
])('the interactions API of Gemini, asked with %s, is read as messages', async ([, input, messages]) => {
  await using provider = await startProvider(reply)
  const client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: new URL(provider.url).origin } })
  const request = { model: 'gemini-3-flash-preview', system_instruction: 'Be brief.', input }
  const conversation = await withCassette(
    'turn',
    async ({ calls }) => {
      await client.interactions.create(request as Parameters<typeof client.interactions.create>[0])
      return calls[0]!.conversation
    },
    { dir, mode: 'auto', include: ['/interactions'] },
  )
  expect(conversation).toMatchObject({
    api: 'gemini-interactions',
    model: request.model,
    answers: [{ text: 'ok' }],
  })
  expect(conversation.messages).toEqual([{ role: 'system', text: 'Be brief.' }, ...messages])
})
