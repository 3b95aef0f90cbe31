import fc from './support/fast-check.ts'
import OpenAI from 'openai'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { withCassette } from 'vitest-cassette/node'
import { parseCassette } from '../src/formats/parse.ts'
import { parseLarge } from '../src/formats/parse-large.ts'
import type { Recording } from '../src/cassette/schema.ts'
import { replayResponse } from '../src/http/replay.ts'
import { printCassette } from '../src/formats/print.ts'

const json = fc.jsonValue({ maxDepth: 3 })
const event = fc.oneof(
  { weight: 4, arbitrary: fc.dictionary(fc.string(), json) },
  json,
  fc.constantFrom('[DONE]', '', 'a\nb', '{'),
  fc.record({ __data__: json, __event__: fc.constantFrom('ping', 'a') }),
  fc.constantFrom<unknown>({ __comment__: 'ping' }, { __raw__: 'data: {"a"' }, { type: 'a' }),
)
const common = {
  status: fc.constantFrom(200, 429),
  headers: fc.constantFrom({}, { 'content-type': 'text/event-stream' }),
}
const stream = fc
  .record({
    ...common,
    is_streaming: fc.constant(true),
    format: fc.constantFrom(undefined, undefined, 'ndjson' as const),
    event_names: fc.constantFrom(undefined, undefined, 'type' as const),
    body: fc.array(event),
  })
  .map(response => ({ ...response, timing: response.body.map(() => 0) }))
const response = fc.oneof(
  { weight: 3, arbitrary: stream },
  fc.record({ ...common, is_streaming: fc.constant(false), body: json }),
  fc.record({ ...common, body: fc.array(json) }),
  fc.record({ ...common, is_streaming: fc.constant(false), body: fc.constant({ __base64__: 'aGk=' }) }),
  fc.record({ is_streaming: fc.constant(true), body: fc.array(event) }),
  fc.record({ is_streaming: fc.constant(false), ended: fc.constant('error' as const) }),
)
const recording = fc.record({
  test: fc.option(fc.string(), { nil: undefined }),
  request: fc.record({
    method: fc.constantFrom('GET', 'POST'),
    url: fc.constant('https://api.openai.com/v1/chat/completions'),
    headers: fc.constant({}),
    body: fc.oneof(json, fc.record({ is_streaming: fc.boolean(), body: fc.array(json, { minLength: 1 }) })),
  }),
  response,
})
const recordings = fc.array(recording, { maxLength: 4 }).map(list => list as Recording[])

/** What it reads as, or the error, of `read`. */
function outcome(read: () => Recording[]): unknown {
  try {
    return JSON.parse(JSON.stringify(read()))
  } catch (error) {
    return (error as Error).message
  }
}

const sameAsWhole = (text: string) => {
  const read = outcome(() => parseLarge(Buffer.from(text), 'talk.json'))
  expect(read).toEqual(outcome(() => parseCassette(text, 'talk.json')))
}

test('a large cassette says what it says when it is read whole', () => {
  fc.assert(
    fc.property(recordings, list => sameAsWhole(printCassette(list))),
    { numRuns: 500 },
  )
})

test('so does one that was laid out in another way, by an editor or by hand', () => {
  const layout = fc.constantFrom(
    (text: string) => JSON.stringify(JSON.parse(text)),
    (text: string) => JSON.stringify(JSON.parse(text), null, 2),
    (text: string) => JSON.stringify(JSON.parse(text), null, 4),
    (text: string) => text.replaceAll('\n', '\r\n'),
    (text: string) => text.replaceAll('  ', ' '),
    (text: string) => text.replaceAll('},\n', '}\n,\n'),
    (text: string) => text.replaceAll('{', '{\n          ').replaceAll('[', '[\n        '),
  )
  fc.assert(
    fc.property(recordings, layout, (list, lay) => sameAsWhole(lay(printCassette(list)))),
    { numRuns: 500 },
  )
})

test('so does one of which a line was moved', () => {
  const moved = fc.tuple(fc.nat(), fc.nat({ max: 12 }))
  fc.assert(
    fc.property(recordings, moved, (list, [from, spaces]) => {
      const lines = printCassette(list).split('\n')
      const at = from % lines.length
      lines[at] = ' '.repeat(spaces) + lines[at]!.trimStart()
      sameAsWhole(lines.join('\n'))
    }),
    { numRuns: 1_000 },
  )
})

test('so does one that is broken, once all of it is looked at', () => {
  const cut = fc.tuple(
    fc.nat(),
    fc.nat({ max: 40 }),
    fc.constantFrom('', '"', '}', ']', ',', '\n<<<<<<< HEAD\n'),
  )
  fc.assert(
    fc.property(recordings, cut, (list, [from, length, instead]) => {
      const text = printCassette(list)
      const start = from % text.length
      sameAsWhole(text.slice(0, start) + instead + text.slice(start + length))
    }),
    { numRuns: 2_000 },
  )
})

const bracket = '\n        ]\n'

test('the recording after a body whose last bracket was moved is not taken for a part of it', async () => {
  const seed = parseCassette(await readFile('fixtures/capital-question.json', 'utf8'), 'seed')[0]!
  const text = printCassette([seed, seed, seed])
  for (const spaces of [0, 7, 9, 10, 11]) {
    const moved = text.replace(bracket, `\n${' '.repeat(spaces)}]\n`)
    expect(moved).not.toBe(text)
    expect(parseLarge(Buffer.from(moved), 'talk.json')).toEqual([seed, seed, seed])
  }
})

test('where that cannot be told, the body is refused, and no other is given for it', async () => {
  const seed = parseCassette(await readFile('fixtures/capital-question.json', 'utf8'), 'seed')[0]!
  const [first, second, last] = printCassette([seed, seed]).split(bracket)
  // What follows stands as deep as an event, up to the last bracket of the next body.
  const moved = second!.replace(/^ {0,9}(?=\S)/gm, ' '.repeat(10))
  const text = `${first}\n          ]\n${moved}${bracket}${last}`
  expect(parseCassette(text, 'talk.json')).toEqual([seed, seed])
  const read = parseLarge(Buffer.from(text), 'talk.json')
  expect(() => read.map(({ response }) => response.body)).toThrow('its last bracket does not stand where')
})

test('a stream plays the same, whether its body was parsed or not', async () => {
  const bytesOf = async (recorded: Recording, look: boolean) => {
    const [read] = parseLarge(Buffer.from(printCassette([recorded])), 'talk.json')
    if (look) expect(read!.response.body).toBeDefined()
    const options = { timing: 'instant', signal: new AbortController().signal } as const
    return Array.fromAsync(replayResponse(read!.response, options).body ?? [], chunk =>
      Buffer.from(chunk).toString(),
    )
  }
  const property = fc.asyncProperty(recording, stream, async (given, streamed) => {
    const recorded = { ...given, response: streamed } as Recording
    expect(await bytesOf(recorded, false)).toEqual(await bytesOf(recorded, true))
  })
  await fc.assert(property, { numRuns: 500 })
})

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
  await writeFile(file, printCassette(others))
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

test('of a cassette of more than a megabyte, each recording plays', async () => {
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
  await writeFile(file, printCassette([...'abc'].map(recordingOf)))
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

test('a body that is broken fails the test that plays it, even if the app goes on, and no other', async () => {
  await breakBody('"Question 7"')
  const play = (content: string) =>
    withCassette('talk', () => ask(content).catch(() => 'no answer'), { dir, mode: 'replay' })
  expect(await play('Question 8')).toContain('Washington')
  await expect(play('Question 7')).rejects.toMatchObject({ code: 'bad-cassette', file })
})

test('into a cassette with a broken body nothing is recorded, and nothing of it is lost', async () => {
  await breakBody('"Question 7"')
  const before = await readFile(file, 'utf8')
  const { createServer } = await import('node:http')
  const server = createServer((_, reply) => reply.setHeader('content-type', 'application/json').end('{}'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/v1/chat/completions`
  const record = () => fetch(url, { method: 'POST', body: '{"question":"new"}' })
  await expect(withCassette('talk', record, { dir, mode: 'auto' })).rejects.toMatchObject({
    code: 'bad-cassette',
  })
  server.close()
  expect(await readFile(file, 'utf8')).toBe(before)
})
