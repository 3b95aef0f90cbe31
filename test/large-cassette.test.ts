import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import OpenAI from 'openai'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { withCassette } from 'vitest-cassette/node'
import { parseCassette } from '../src/formats/parse.ts'
import { serializeCassette } from '../src/formats/serialize.ts'
import { completeWith, startProvider } from './support/provider.ts'

let dir: string
let file: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  file = path.join(dir, 'talk.json')
  const seed = parseCassette(await readFile('fixtures/capital-question.json', 'utf8'), 'seed')[0]!
  const { request, response: answer } = seed
  const asking = (content: string) => ({
    ...request,
    body: { ...(request.body as object), messages: [{ role: 'user', content }] },
  })
  const others = Array.from({ length: 300 }, (_, index) => ({
    request: asking(`Question ${index}`),
    response: { headers: { 'content-type': 'text/event-stream' }, ...answer },
  }))
  await writeFile(file, serializeCassette(others))
})

const client = new OpenAI({ baseURL: 'https://api.cerebras.ai/v1', apiKey: 'k', maxRetries: 0 })
const ask = async (content: string) => {
  const messages = [{ role: 'user' as const, content }]
  const events = await client.chat.completions.create({ model: 'llama-3.3-70b', messages, stream: true })
  let text = ''
  for await (const part of events) text += part.choices[0]?.delta.content ?? ''
  return text
}
const breakBody = async (of: string) => {
  const text = await readFile(file, 'utf8')
  const start = text.indexOf('{"id"', text.indexOf(of))
  await writeFile(file, `${text.slice(0, start)}{"id":}${text.slice(text.indexOf('\n', start) - 1)}`)
}

test('each recording of a cassette of more than a megabyte plays', async () => {
  expect((await readFile(file)).byteLength).toBeGreaterThan(2 ** 20)
  const calls = await withCassette(
    'talk',
    async cassette => {
      for (const index of [7, 0, 299]) expect(await ask(`Question ${index}`)).toContain('Washington')
      return cassette.calls.map(call => [call.text, call.response?.events.length])
    },
    { dir, mode: 'replay' },
  )
  expect(calls).toEqual(Array.from({ length: 3 }, () => [expect.stringContaining('Washington'), 23]))
})

test('prompts of megabytes are told apart to their last character, however many there are', async () => {
  const url = 'https://api.cerebras.ai/v1/chat/completions'
  const bodyOf = (end: string) => ({ prompt: 'x'.repeat(2 ** 23) + end })
  const recordingOf = (end: string) => ({
    request: { method: 'POST', url, headers: {}, body: bodyOf(end) },
    response: { status: 200, headers: { 'content-type': 'application/json' }, body: { end } },
  })
  await writeFile(file, serializeCassette([...'abc'].map(recordingOf)))
  const answer = async (end: string) => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(bodyOf(end)) })
    return response.json()
  }
  const answers = async () => [await answer('c'), await answer('a'), await answer('b')]
  expect(await withCassette('talk', answers, { dir, mode: 'replay' })).toEqual([
    { end: 'c' },
    { end: 'a' },
    { end: 'b' },
  ])
  await expect(withCassette('talk', () => answer('d'), { dir, mode: 'replay' })).rejects.toMatchObject({
    code: 'miss',
  })
})

test('one broken body makes a large cassette unreadable for every call, as it does a small one', async () => {
  await breakBody('"Question 7"')
  for (const question of ['Question 7', 'Question 8'])
    await expect(
      withCassette('talk', () => ask(question).catch(() => 'no answer'), { dir, mode: 'replay' }),
    ).rejects.toMatchObject({ code: 'bad-cassette', file, message: expect.stringContaining('JSON') })
})

test('a cassette with a broken body is not recorded into, and loses nothing', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await breakBody('"Question 7"')
  const before = await readFile(file, 'utf8')
  const record = () =>
    fetch(`${provider.url}/chat/completions`, { method: 'POST', body: '{"question":"new"}' })
  await expect(withCassette('talk', record, { dir, mode: 'auto' })).rejects.toMatchObject({
    code: 'bad-cassette',
  })
  expect(provider.requests).toHaveLength(0)
  expect(await readFile(file, 'utf8')).toBe(before)
})
