import { request as httpRequest, Agent as HttpAgent } from 'node:http'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { Agent, fetch as undiciFetch, request as undiciRequest } from 'undici'
import { expect, test } from 'vitest'
import { withCassette } from 'vitest-cassette/node'
import { completeWith, startProvider } from './support/provider.ts'

const url = 'http://provider.test/v1/chat/completions'
const nativeFetch = undiciFetch as unknown as typeof fetch

/** A cassette each for many scopes that ask the same at once, and get different answers. */
async function answersOf(call: () => Promise<string>, scopes = 40, calls = 3) {
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const recording = (content: string) => ({
    request: { method: 'POST', url, body: { q: 1 } },
    response: { status: 200, body: { content } },
  })
  const numbers = Array.from({ length: scopes }, (_, index) => String(index))
  for (const number of numbers) {
    const recordings = Array.from({ length: calls }, (_, call) => recording(`${number}.${call}`))
    await writeFile(path.join(dir, `${number}.json`), JSON.stringify(recordings))
  }
  const all = numbers.map(number =>
    withCassette(
      number,
      async () => {
        const answers: string[] = []
        for (let count = 0; count < calls; count++) answers.push(JSON.parse(await call()).content)
        return answers
      },
      { dir, mode: 'replay' },
    ),
  )
  return (await Promise.all(all)).map((answers, number) => ({ number, answers }))
}

const body = JSON.stringify({ q: 1 })
const one = new Agent({ connections: 1, pipelining: 1 })
const keepAlive = new HttpAgent({ keepAlive: true, maxSockets: 2 })

test.for<[string, () => Promise<string>]>([
  [
    'undici with one connection',
    async () => (await undiciRequest(url, { method: 'POST', body, dispatcher: one })).body.text(),
  ],
  [
    'fetch of undici with one connection',
    async () => (await nativeFetch(url, { method: 'POST', body, dispatcher: one } as object)).text(),
  ],
  ['the global fetch', async () => (await fetch(url, { method: 'POST', body })).text()],
  [
    'node:http with two kept connections',
    () =>
      new Promise((resolve, reject) => {
        httpRequest(
          url,
          { method: 'POST', agent: keepAlive },
          response => void text(response).then(resolve, reject),
        )
          .on('error', reject)
          .end(body)
      }),
  ],
])('calls that share connections get the answers of their own cassette: %s', async ([, call]) => {
  for (const { number, answers } of await answersOf(call))
    expect(answers).toEqual([`${number}.0`, `${number}.1`, `${number}.2`])
})

test('the mark that tells who calls never reaches the provider', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const seen: string[] = []
  await using provider = await startProvider((request, response) => {
    seen.push(...Object.keys(request.headers))
    return completeWith(() => 'hello')(request, response)
  })
  const call = async () =>
    (await undiciRequest(`${provider.url}/chat/completions`, { method: 'POST', body })).body.text()
  for (const mode of ['auto', 'live', 'record'] as const) await withCassette('talk', call, { dir, mode })
  await call()
  expect(seen.filter(name => name.startsWith('x-vitest'))).toEqual([])
  expect(seen).toContain('content-length')
})

test('a redirect is followed while recording, and its end is replayed', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  await using provider = await startProvider((request, response) => {
    if (request.url.endsWith('/moved/chat/completions')) return completeWith(() => 'moved')(request, response)
    response.writeHead(307, { location: '/moved/chat/completions' }).end()
  })
  const call = async () => (await fetch(`${provider.url}/chat/completions`, { method: 'POST', body })).json()
  const recorded = await withCassette('talk', call, { dir, mode: 'auto' })
  await provider.stop()
  expect(recorded).toMatchObject({ choices: [{ message: { content: 'moved' } }] })
  expect(await withCassette('talk', call, { dir, mode: 'replay' })).toEqual(recorded)
})
