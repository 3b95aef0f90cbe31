import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { withCassette } from 'vitest-cassette/node'
import { completeWith, startProvider, type Reply } from './support/provider.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
})

const recordings = async () => JSON.parse(await readFile(path.join(dir, 'talk.json'), 'utf8')).recordings
const complete = completeWith(() => 'at last')

/** Refuses the first request with this status, and answers the next ones. */
function refusingOnce(status: number, headers: Record<string, string> = {}): Reply {
  let count = 0
  return (request, response) => {
    if (count++ > 0) return complete(request, response)
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify({ error: { message: 'slow down', type: 'rate_limit' } }))
  }
}

const ask = (baseURL: string) =>
  new OpenAI({ baseURL, apiKey: 'k' }).chat.completions.create({
    model: 'm',
    messages: [{ role: 'user', content: 'Hi' }],
  })

test('a 429 and the 200 after it replay through the retry of the SDK, without waiting', async () => {
  await using provider = await startProvider(
    refusingOnce(429, { 'retry-after-ms': '20', 'retry-after': '30' }),
  )
  await withCassette('talk', () => ask(provider.url), { dir, mode: 'auto', recordErrors: true })
  await provider.stop()
  expect(
    (await recordings()).map((recording: { response: { status: number } }) => recording.response.status),
  ).toEqual([429, 200])

  const outcomes = await withCassette(
    'talk',
    async cassette => {
      expect((await ask(provider.url)).choices[0]?.message.content).toBe('at last')
      return cassette.calls.map(call => [
        call.outcome,
        call.response?.status,
        call.response?.headers['retry-after'],
      ])
    },
    { dir, mode: 'replay' },
  )
  // `retry-after: 30` was recorded; had it been replayed as it is, this test would time out.
  expect(outcomes).toEqual([
    ['replayed', 429, '30'],
    ['replayed', 200, undefined],
  ])
})

test('a replayed 429 asks for a retry at once, or after the recorded delay with recorded timing', async () => {
  await using provider = await startProvider(
    refusingOnce(429, { 'retry-after': '30', 'retry-after-ms': '1' }),
  )
  const call = () => fetch(`${provider.url}/messages`, { method: 'POST', body: '{}' })
  await withCassette('talk', call, { dir, mode: 'auto', recordErrors: true })
  const headers = (options: object) =>
    withCassette('talk', async () => Object.fromEntries((await call()).headers), {
      dir,
      mode: 'replay',
      ...options,
    })

  expect(await headers({})).toMatchObject({ 'retry-after': '0', 'retry-after-ms': '1' })
  expect(await headers({ timing: 'recorded' })).toMatchObject({ 'retry-after': '30', 'retry-after-ms': '1' })
})

test('the SDK of Anthropic retries a replayed 529 at once, though it takes a delay of 0 for none', async () => {
  const reply: Reply = (_request, response) => {
    const status = provider.requests.length === 1 ? 529 : 200
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after-ms': '1' })
    response.end(
      JSON.stringify(
        status === 200 ? { content: [] } : { type: 'error', error: { type: 'overloaded_error' } },
      ),
    )
  }
  await using provider = await startProvider(reply)
  const client = new Anthropic({ baseURL: provider.url.replace('/v1', ''), apiKey: 'k' })
  const call = () =>
    client.messages.create({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] })
  await withCassette('talk', call, { dir, mode: 'auto', recordErrors: true })
  expect(await withCassette('talk', call, { dir, mode: 'replay' })).toMatchObject({ content: [] })
})

test.for([401, 403, 408, 409, 429, 500, 503])(
  'a response with status %d reaches the app and is not recorded',
  async status => {
    await using provider = await startProvider(refusingOnce(status))
    const call = () => fetch(`${provider.url}/chat/completions`, { method: 'POST', body: '{}' })
    const [outcome] = await withCassette(
      'talk',
      async cassette => {
        const response = await call()
        expect(response.status).toBe(status)
        await response.text()
        await (await call()).text()
        return cassette.calls.map(made => made.outcome)
      },
      { dir, mode: 'auto' },
    )
    expect(outcome).toBe('live')
    expect(await recordings()).toMatchObject([{ response: { status: 200 } }])
  },
)

test.for([400, 404, 422])('a response with status %d is recorded', async status => {
  await using provider = await startProvider(refusingOnce(status))
  const call = async () =>
    (await fetch(`${provider.url}/chat/completions`, { method: 'POST', body: '{}' })).status
  expect(await withCassette('talk', call, { dir, mode: 'auto' })).toBe(status)
  await provider.stop()
  expect(await withCassette('talk', call, { dir, mode: 'replay' })).toBe(status)
})
