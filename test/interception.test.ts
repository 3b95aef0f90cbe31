import { mkdtemp } from 'node:fs/promises'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { bypass, http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import OpenAI from 'openai'
import { Agent, request as undiciRequest } from 'undici'
import { expect, test } from 'vitest'
import { useCassette } from 'vitest-cassette'
import { withCassette } from 'vitest-cassette/node'
import { completeWith, startProvider } from './support/provider.ts'
import { runScript } from './support/script.ts'

// All of this is in place before any test opens a cassette.
const capturedFetch = globalThis.fetch
const moduleClient = new OpenAI({ baseURL: 'https://api.cerebras.ai/v1' })

const url = 'https://api.cerebras.ai/v1/chat/completions'
const method = 'POST'
const headers = { 'content-type': 'application/json', authorization: 'Bearer none' }
const question = {
  model: 'llama-3.3-70b',
  messages: [{ role: 'user' as const, content: 'What is the name of the US captial?' }],
  stream: true as const,
}
const body = JSON.stringify(question)

const clients = {
  'global fetch': async () => (await fetch(url, { method, headers, body })).text(),
  'captured fetch': async () => (await capturedFetch(url, { method, headers, body })).text(),
  'fetch of a Request': async () => (await fetch(new Request(url, { method, headers, body }))).text(),
  'node:https': () =>
    new Promise<string>((resolve, reject) => {
      const request = httpsRequest(
        url,
        { method, headers },
        response => void text(response).then(resolve, reject),
      )
      request.on('error', reject).end(body)
    }),
  'undici request': async () => (await undiciRequest(url, { method, headers, body })).body.text(),
  'undici agent': async () => {
    const { body: answer } = await undiciRequest(url, {
      method,
      headers,
      body,
      dispatcher: new Agent({ connections: 1 }),
    })
    return answer.text()
  },
}

test.for(Object.entries(clients))('%s is answered by the cassette', async ([, call]) => {
  const cassette = useCassette('capital-question', { mode: 'replay' })
  const answer = await call()

  expect(answer.split('\n\n')).toHaveLength(24)
  expect(answer).toContain('"content":" Washington"')
  expect(cassette.calls).toMatchObject([{ outcome: 'replayed' }])
})

test('a client built at module level is answered by the cassette', async () => {
  useCassette('capital-question', { mode: 'replay' })
  const chunks = await Array.fromAsync(await moduleClient.chat.completions.create(question))
  expect(chunks).toHaveLength(22)
})

test('each event reaches the app as one chunk, also over a socket', async () => {
  const chunksOf = async (fetch: typeof globalThis.fetch) => {
    useCassette('capital-question', { mode: 'replay', repeat: true })
    const response = await fetch(url, { method, headers, body })
    return (await Array.fromAsync(response.body!)).map(chunk => Buffer.from(chunk).toString())
  }
  const viaFetch = await chunksOf(globalThis.fetch)
  expect(viaFetch).toHaveLength(23)
  expect(viaFetch.every(chunk => chunk.endsWith('\n\n'))).toBe(true)

  const { fetch: undiciFetch } = await import('undici')
  expect(await chunksOf(undiciFetch as unknown as typeof fetch)).toEqual(viaFetch)
})

test('requests that are no LLM calls, and LLM calls without a cassette, reach their server', async () => {
  await using provider = await startProvider(completeWith(() => 'live'))
  const other = new URL('/health', provider.url)
  const llm = `${provider.url}/chat/completions`
  expect(await (await fetch(llm, { method, body })).json()).toMatchObject({ model: 'test-model' })

  const cassette = useCassette('capital-question', { mode: 'replay' })
  expect((await fetch(other)).status).toBe(200)
  expect(cassette.calls).toEqual([])
  expect(provider.requests).toHaveLength(2)
})

test('a client that leaves at [DONE] keeps its connection, as on a real server', async () => {
  const connections = await runScript(`
    import { subscribe } from 'node:diagnostics_channel'
    const capturedFetch = globalThis.fetch
    const { default: OpenAI } = await import('openai')
    const { withCassette } = await import('vitest-cassette/node')
    const client = new OpenAI({ baseURL: 'https://api.cerebras.ai/v1', apiKey: 'none', fetch: capturedFetch })
    let connections = 0
    subscribe('undici:client:beforeConnect', () => connections++)
    await withCassette('capital-question', async () => {
      for (let call = 0; call < 10; call++)
        for await (const chunk of await client.chat.completions.create(${body})) ;
    }, { dir: 'fixtures', mode: 'replay', repeat: true })
    console.log(connections)
  `)
  // undici makes a second one where a call follows before the first is free again.
  expect(connections).toBeLessThanOrEqual(2)
})

test('a connection that replays have used goes to the server for what is excluded', async () => {
  await using provider = await startProvider(({ url }, response) => void response.end(`live ${url}`))
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const [llm, other] = [`${provider.url}/chat/completions`, `${provider.url}/files`]
  const dispatcher = new Agent({ connections: 1 })
  const get = async (address: string) => {
    const { body: answer } = await undiciRequest(address, { dispatcher, method, body })
    return answer.text()
  }
  await withCassette('talk', () => get(llm), { dir, mode: 'record' })

  const replayed = () => withCassette('talk', () => get(llm), { dir, mode: 'replay' })
  const both = async () => [await get(llm), await get(other), await get(llm)]
  const options = { dir, mode: 'replay' as const, repeat: true, exclude: ['/files'] }
  expect(await withCassette('talk', both, options)).toEqual([
    'live /v1/chat/completions',
    'live /v1/files',
    'live /v1/chat/completions',
  ])
  expect(provider.requests).toHaveLength(2)
  expect(await replayed()).toBe('live /v1/chat/completions')
  expect(provider.requests).toHaveLength(2)
  expect(await get(llm)).toBe('live /v1/chat/completions')
  expect(provider.requests).toHaveLength(3)
  await expect(withCassette('none', () => get(llm), { dir, mode: 'replay' })).rejects.toThrow('none.json')
  expect(provider.requests).toHaveLength(3)
})

test("a request that its caller bypasses reaches the server, without MSW's mark", async () => {
  const accepted: unknown[] = []
  await using provider = await startProvider(({ headers }, response) => {
    accepted.push(headers.accept)
    response.end()
  })
  useCassette('capital-question', { mode: 'replay' })
  const other = `${provider.url}/files`
  await capturedFetch(bypass(other))
  await capturedFetch(bypass(other, { headers: { accept: 'text/csv' } }))
  expect(accepted).toEqual([undefined, 'text/csv'])
})

test('include adds hosts and paths to the calls that a cassette answers, exclude takes them away', async () => {
  await using provider = await startProvider(completeWith(() => 'live'))
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const base = provider.url.replace('/v1', '')
  const calls = await withCassette(
    'talk',
    async cassette => {
      for (const place of ['/ask', '/v2/tell', '/health', '/v1/chat/completions'])
        await (await fetch(base + place)).text()
      return cassette.calls.map(call => call.request.endpoint)
    },
    { dir, mode: 'auto', include: ['/ask', /\/v\d\/tell$/], exclude: ['/v1/chat'] },
  )
  expect(calls).toEqual(['/ask', '/v2/tell'])
})

const routes = [http.get('https://shop.example/items', () => HttpResponse.json(['a', 'b']))]

test('a user MSW server that starts afterwards is answered beside the cassette', async () => {
  const server = setupServer(...routes)
  server.listen({ onUnhandledFrame: 'error' })
  try {
    useCassette('capital-question', { mode: 'replay', repeat: true })
    expect(await (await fetch('https://shop.example/items')).json()).toEqual(['a', 'b'])
    for (const call of Object.values(clients)) expect(await call()).toContain(' Washington')
  } finally {
    server.close()
  }
  expect(await clients['global fetch']()).toContain(' Washington')
  expect(await clients['captured fetch']()).toContain(' Washington')
})

test('a call is recorded beside a user MSW server that lets nothing unhandled through', async () => {
  await using provider = await startProvider(completeWith(() => 'recorded'))
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const server = setupServer(...routes)
  server.listen({ onUnhandledFrame: 'error' })
  try {
    const ask = async () => (await fetch(`${provider.url}/chat/completions`, { method, body })).json()
    expect(await withCassette('talk', ask, { dir, mode: 'auto' })).toMatchObject({ model: 'test-model' })
  } finally {
    server.close()
  }
})

test('a call is recorded and replayed under a user MSW server that started before', async () => {
  await using provider = await startProvider(completeWith(() => 'recorded'))
  const script = `
    import { http, HttpResponse } from 'msw'
    import { setupServer } from 'msw/node'
    const server = setupServer(http.get('https://shop.example/items', () => HttpResponse.json(['a', 'b'])))
    server.listen({ onUnhandledFrame: 'bypass' })
    const { withCassette } = await import('vitest-cassette/node')
    const result = await withCassette('talk', async cassette => {
      const items = await (await fetch('https://shop.example/items')).json()
      const answer = await (await fetch('${provider.url}/chat/completions', { method: 'POST', body: '{}' })).json()
      return { items, answer: answer.choices[0].message.content, outcomes: cassette.calls.map(call => call.outcome) }
    }, { dir: process.argv[1] })
    console.log(JSON.stringify(result))
  `
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const run = () => runScript(script, { args: [dir] })
  expect(await run()).toEqual({ items: ['a', 'b'], answer: 'recorded', outcomes: ['recorded'] })
  expect(await run()).toEqual({ items: ['a', 'b'], answer: 'recorded', outcomes: ['replayed'] })
  expect(provider.requests).toHaveLength(1)
})
