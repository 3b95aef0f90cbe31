import { createServer } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useCassette } from 'vitest-cassette'
import { ask } from './src/ask.ts'

const question = 'What is the name of the US captial?'
const body = JSON.stringify({
  model: 'llama-3.3-70b',
  messages: [{ role: 'user', content: question }],
  stream: true,
})

test('replay: a client built at module level', async () => {
  useCassette('capital-question', { mode: 'replay' })
  expect(await ask(question)).toContain('Washington')
})

test('replay: node:https', async () => {
  useCassette('capital-question', { mode: 'replay' })
  const answer = await new Promise<string>((resolve, reject) => {
    let text = ''
    request('https://api.cerebras.ai/v1/chat/completions', { method: 'POST' }, response => {
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk)).on('end', () => resolve(text))
    })
      .on('error', reject)
      .end(body)
  })
  expect(answer).toContain('Washington')
})

describe('concurrent', () => {
  for (let number = 0; number < 8; number++)
    test.concurrent(`replay ${number}`, async ({ expect }) => {
      const cassette = useCassette('capital-question', { mode: 'replay' })
      expect(await ask(question)).toContain('Washington')
      expect(cassette.calls).toHaveLength(1)
    })
})

describe("a user's own MSW server", () => {
  const server = setupServer(http.get('https://shop.example/items', () => HttpResponse.json(['a', 'b'])))
  // MSW 2 and 3 name this option differently.
  beforeAll(() => server.listen({ onUnhandledRequest: 'bypass', onUnhandledFrame: 'bypass' } as object))
  afterAll(() => server.close())

  test('beside it', async () => {
    useCassette('capital-question', { mode: 'replay', repeat: true })
    expect(await (await fetch('https://shop.example/items')).json()).toEqual(['a', 'b'])
    expect(await ask(question)).toContain('Washington')
  })
})

test('record, then replay', async () => {
  const port = Number(process.env.COMPAT_PORT)
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"answer":"recorded"}')
  })
  if (process.env.COMPAT_EXPECT === 'recorded')
    await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  try {
    const cassette = useCassette('recorded', { mode: 'auto' })
    const url = `http://127.0.0.1:${port}/v1/chat/completions`
    const response = await fetch(url, { method: 'POST', body: '{}' })
    expect(await response.json()).toEqual({ answer: 'recorded' })
    expect(cassette.calls.map(call => call.outcome)).toEqual([process.env.COMPAT_EXPECT])
    expect((server.address() as AddressInfo | null)?.port).toBe(
      process.env.COMPAT_EXPECT === 'recorded' ? port : undefined,
    )
  } finally {
    server.close()
  }
})
