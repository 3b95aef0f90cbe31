import nodeHttp from 'node:http'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { json } from 'node:stream/consumers'
import { http, HttpResponse, passthrough } from 'msw'
import { setupServer } from 'msw/node'
import OpenAI from 'openai'
import { Agent, request as undiciRequest, setGlobalDispatcher } from 'undici'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { useCassette } from 'vitest-cassette'
import { cassetteHandlers } from 'vitest-cassette/msw'
import { withCassette } from 'vitest-cassette/node'
import { completeWith, startProvider } from './support/provider.ts'

const url = 'https://api.cerebras.ai/v1/chat/completions'
const question = {
  model: 'llama-3.3-70b',
  messages: [{ role: 'user' as const, content: 'What is the name of the US captial?' }],
  stream: true as const,
}
const asked = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(question),
}

// Built before the server starts.
const moduleClient = new OpenAI({ baseURL: 'https://api.cerebras.ai/v1' })

const server = setupServer(
  ...cassetteHandlers(),
  http.get('https://shop.example/items', () => HttpResponse.json(['a', 'b'])),
)
const matched: string[] = []
server.events.on('response:mocked', ({ request }) => matched.push(new URL(request.url).hostname))
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => {
  server.resetHandlers()
  matched.length = 0
})
afterAll(() => server.close())

const overloaded = http.post(url, () =>
  HttpResponse.json({ error: { message: 'overloaded' } }, { status: 400 }),
)

test('a server with cassetteHandlers() answers LLM calls from the cassette, and its own routes', async () => {
  const cassette = useCassette('capital-question', { mode: 'replay' })
  const answer = await (await fetch(url, asked)).text()
  expect(answer.split('\n\n')).toHaveLength(24)
  expect(answer).toContain('"content":" Washington"')
  expect(await (await fetch('https://shop.example/items')).json()).toEqual(['a', 'b'])
  expect(cassette.calls).toMatchObject([{ outcome: 'replayed' }])
  await expect.poll(() => matched).toEqual(['api.cerebras.ai', 'shop.example'])
})

test('a handler of server.use() comes before the cassette, also for a client that was built before', async () => {
  const cassette = useCassette('capital-question', { mode: 'replay' })
  server.use(overloaded)
  expect((await fetch(url, asked)).status).toBe(400)
  await expect(moduleClient.chat.completions.create(question)).rejects.toThrow('overloaded')
  expect(cassette.calls).toEqual([])

  server.resetHandlers()
  const chunks = await Array.fromAsync(await moduleClient.chat.completions.create(question))
  expect(chunks).toHaveLength(22)
  expect(cassette.calls).toHaveLength(1)
})

test('the cassette answers LLM calls that the server does not see, or leaves', async () => {
  const cassette = useCassette('capital-question', { mode: 'replay', repeat: true })
  server.use(overloaded)
  const { body } = await undiciRequest(url, { ...asked, dispatcher: new Agent() })
  expect(await body.text()).toContain(' Washington')

  server.resetHandlers()
  server.use(http.post(url, () => passthrough()))
  expect(await (await fetch(url, asked)).text()).toContain(' Washington')
  expect(cassette.calls).toHaveLength(2)
})

test('a server with cassetteHandlers() answers calls of node:http in the order of its handlers', async () => {
  await using provider = await startProvider(completeWith(() => 'live'))
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const ask = () =>
    new Promise((resolve, reject) => {
      const request = nodeHttp.request(`${provider.url}/chat/completions`, { method: 'POST' }, response =>
        resolve(json(response)),
      )
      request.on('error', reject).end('{}')
    })
  const outcome = () =>
    withCassette(
      'talk',
      async cassette => {
        await ask()
        server.use(http.post(`${provider.url}/chat/completions`, () => HttpResponse.json({ from: 'server' })))
        expect(await ask()).toEqual({ from: 'server' })
        server.resetHandlers()
        return cassette.calls.map(call => call.outcome)
      },
      { dir, mode: 'auto' },
    )
  expect(await outcome()).toEqual(['recorded'])
  expect(await outcome()).toEqual(['replayed'])
  expect(provider.requests).toHaveLength(1)
})

test('a call through a server with cassetteHandlers() is recorded, then replayed', async () => {
  await using provider = await startProvider(completeWith(() => 'Hello'))
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const client = new OpenAI({ baseURL: provider.url, apiKey: 'none' })
  const ask = () =>
    withCassette(
      'talk',
      async cassette => {
        const { choices } = await client.chat.completions.create({ model: 'test-model', messages: [] })
        const items = await (await fetch('https://shop.example/items')).json()
        return [choices[0]?.message.content, items, cassette.calls[0]?.outcome]
      },
      { dir, mode: 'auto' },
    )
  expect(await ask()).toEqual(['Hello', ['a', 'b'], 'recorded'])
  expect(await ask()).toEqual(['Hello', ['a', 'b'], 'replayed'])
  expect(provider.requests).toHaveLength(1)
})

test('cassetteHandlers() leave LLM calls without a cassette to the other handlers', async () => {
  server.use(http.post(url, () => HttpResponse.json({ from: 'server' })))
  expect(await (await fetch(url, asked)).json()).toEqual({ from: 'server' })
})

test('a server that is closed leaves everything to the cassette', async () => {
  const cassette = useCassette('capital-question', { mode: 'replay', repeat: true })
  server.close()
  try {
    expect(await (await fetch(url, asked)).text()).toContain(' Washington')
    const chunks = await Array.fromAsync(await moduleClient.chat.completions.create(question))
    expect(chunks).toHaveLength(22)
  } finally {
    // A server does not see connections that are older than itself: those of this test go with their agent.
    setGlobalDispatcher(new Agent())
    server.listen({ onUnhandledFrame: 'error' })
  }
  expect(cassette.calls).toHaveLength(2)
})
