import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { withCassette, type CassetteError, type CassetteOptions } from 'vitest-cassette/node'
import { startProvider } from './support/provider.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
})

/** Records the first request; the second one, replayed, is told whether it is the same. */
async function isSame(
  first: RequestInit,
  second: RequestInit,
  options: CassetteOptions & { path?: [string, string] } = {},
) {
  const { path: [from, to] = ['/chat/completions', '/chat/completions'], ...given } = options
  await using provider = await startProvider((_request, response) => void response.end('{}'))
  const send = async (place: string, init: RequestInit) =>
    (await fetch(provider.url + place, { method: 'POST', ...init })).text()
  await withCassette('talk', () => send(from, first), { dir, mode: 'auto', ...given })
  await provider.stop()
  return withCassette('talk', () => send(to, second), { dir, mode: 'replay', ...given }).then(
    () => true,
    (error: CassetteError) => {
      if (error.code !== 'miss') throw error
      return false
    },
  )
}

const form = (content: string) => {
  const body = new FormData()
  body.set('model', 'whisper-1')
  body.set('file', new File([content], 'speech.wav', { type: 'audio/wav' }))
  return body
}
const json = (body: unknown): RequestInit => ({ body: JSON.stringify(body) })
const uuid = () => crypto.randomUUID()
const named = (content: string, name: string) => ({ role: 'user', content, name })

test.for<[string, RequestInit, RequestInit, (CassetteOptions & { path?: [string, string] })?]>([
  ['no body', {}, {}],
  ['text that is no JSON', { body: 'name the capital' }, { body: 'name the capital' }],
  [
    'JSON with its keys in another order',
    { body: '{"a":1,"b":{"c":2,"d":3}}' },
    { body: '{ "b": {"d":3, "c":2}, "a": 1 }' },
  ],
  ['line endings of another system', json({ text: 'a\r\nb' }), json({ text: 'a\nb' })],
  ['bytes', { body: new Uint8Array([0, 255, 1]) }, { body: new Uint8Array([0, 255, 1]) }],
  ['a form with another boundary', { body: form('RIFF') }, { body: form('RIFF') }],
  [
    'another key in a header',
    { headers: { authorization: 'Bearer 1' } },
    { headers: { authorization: 'Bearer 2' } },
  ],
  ['another key in the query', {}, {}, { path: ['/chat/completions?key=1', '/chat/completions?key=2'] }],
  [
    'the query in another order',
    {},
    {},
    { path: ['/chat/completions?a=1&b=2', '/chat/completions?b=2&a=1'] },
  ],
  ['a doubled version segment', {}, {}, { path: ['/v1/chat/completions', '/chat/completions'] }],
  ['other ids that the client makes up', json({ id: uuid(), a: 'b' }), json({ id: uuid(), a: 'b' })],
  [
    'ids that stand for the same in both',
    json([{ id: 'call_aaaaaaaa' }, { id: 'call_bbbbbbbb' }, { tool_call_id: 'call_bbbbbbbb' }]),
    json([{ id: 'call_cccccccc' }, { id: 'call_dddddddd' }, { tool_call_id: 'call_dddddddd' }]),
  ],
  [
    'another run id, ignored by its path',
    json({ metadata: { run_id: 1 } }),
    json({ metadata: { run_id: 2 } }),
    { match: { ignore: ['metadata.run_id'] } },
  ],
  [
    'another name in every message, ignored by its path over the list',
    json({
      messages: [named('Hi', 'ann'), named('Hello', 'bot-1'), { role: 'user', content: 'How are you?' }],
    }),
    json({ messages: [named('Hi', 'bob'), named('Hello', 'bot-2'), named('How are you?', 'bob')] }),
    { match: { ignore: ['messages[*].name'] } },
  ],
  [
    'another value in lists within a list, ignored by its path over both',
    json({ messages: [{ content: [{ text: 'Hi', cache: 1 }, { text: 'there' }] }] }),
    json({
      messages: [
        {
          content: [
            { text: 'Hi', cache: 2 },
            { text: 'there', cache: 3 },
          ],
        },
      ],
    }),
    { match: { ignore: ['messages[*].content[*].cache'] } },
  ],
  [
    'another number, replaced by a pattern',
    json({ text: 'run 12' }),
    json({ text: 'run 345' }),
    { match: { replace: [[/run \d+/g, '<run>']] } },
  ],
])('a request with %s is the same request', async ([, first, second, options]) => {
  expect(await isSame(first, second, options)).toBe(true)
})

test.for<[string, RequestInit, RequestInit, (CassetteOptions & { path?: [string, string] })?]>([
  ['a body where there was none', {}, { body: 'x' }],
  ['other text', { body: 'name the capital' }, { body: 'name the capitol' }],
  ['another number', json({ temperature: 0 }), json({ temperature: 1 })],
  ['null for nothing', json({ a: 1 }), json({ a: 1, b: null })],
  ['messages in another order', json(['a', 'b']), json(['b', 'a'])],
  ['other bytes', { body: new Uint8Array([0, 255, 1]) }, { body: new Uint8Array([0, 255, 2]) }],
  ['a file with other content', { body: form('RIFF') }, { body: form('RIFX') }],
  ['a date in a prompt', json({ text: 'It is 2026-11-23' }), json({ text: 'It is 2026-11-24' })],
  ['another method', {}, { method: 'PUT' }],
  ['another endpoint', {}, {}, { path: ['/chat/completions', '/embeddings'] }],
  ['another query', {}, {}, { path: ['/chat/completions?a=1', '/chat/completions?a=2'] }],
  [
    'a result for another call',
    json([{ id: 'call_aaaaaaaa' }, { id: 'call_bbbbbbbb' }, { tool_call_id: 'call_bbbbbbbb' }]),
    json([{ id: 'call_aaaaaaaa' }, { id: 'call_bbbbbbbb' }, { tool_call_id: 'call_aaaaaaaa' }]),
  ],
  [
    'other content beside a name that is ignored over the list',
    json({ messages: [named('Hi', 'ann'), named('Hello', 'bot-1')] }),
    json({ messages: [named('Hi', 'ann'), named('Bye', 'bot-1')] }),
    { match: { ignore: ['messages[*].name'] } },
  ],
  [
    'a name outside of the list over which names are ignored',
    json({ name: 'ann', messages: [named('Hi', 'ann')] }),
    json({ name: 'bob', messages: [named('Hi', 'ann')] }),
    { match: { ignore: ['messages[*].name'] } },
  ],
  [
    'a header that counts',
    { headers: { 'openai-beta': '1' } },
    { headers: { 'openai-beta': '2' } },
    { match: { headers: ['OpenAI-Beta'] } },
  ],
])('a request with %s is another request', async ([, first, second, options]) => {
  expect(await isSame(first, second, options)).toBe(false)
})

test('a request to another host matches with `host: false` only', async () => {
  const ask = async (host: string) =>
    (await fetch(`http://${host}/v1/chat/completions`, { method: 'POST' })).text()
  await using provider = await startProvider((_request, response) => void response.end('{}'))
  const { port } = new URL(provider.url)
  await withCassette('talk', () => ask(`127.0.0.1:${port}`), { dir, mode: 'auto' })
  const other = () =>
    withCassette('talk', () => ask('gateway.example'), { dir, mode: 'replay', match: { host: true } })
  await expect(other()).rejects.toMatchObject({ code: 'miss' })
  expect(
    await withCassette('talk', () => ask('gateway.example'), { dir, mode: 'replay', match: { host: false } }),
  ).toBe('{}')
})

test('no header, no user and no credential of the URL is stored', async () => {
  await using provider = await startProvider((_request, response) => {
    response.writeHead(200, { 'x-request-id': 'req_1', 'openai-organization': 'acme', 'set-cookie': 'a=b' })
    response.end('{}')
  })
  const url = `${provider.url}/chat/completions?key=secret-1&api_key=secret-2&alt=sse`
  const headers = { authorization: 'Bearer secret-3', 'x-api-key': 'secret-4', cookie: 'secret-5' }
  await withCassette('talk', async () => (await fetch(url, { method: 'POST', headers })).text(), {
    dir,
    mode: 'auto',
  })

  const file = await readFile(path.join(dir, 'talk.json'), 'utf8')
  expect(file).not.toMatch(/secret-\d|acme|a=b/)
  const [{ request, response }] = JSON.parse(file).recordings
  expect(request).toMatchObject({ url: `${provider.url}/chat/completions?alt=sse`, headers: {} })
  expect(response.headers).toEqual({ 'x-request-id': 'req_1' })
})
