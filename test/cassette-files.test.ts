import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from './support/fast-check.ts'
import { beforeEach, expect, test } from 'vitest'
import { withCassette, type CassetteOptions } from 'vitest-cassette/node'
import { parseCassette } from '../src/formats/parse.ts'
import { serializeCassette } from '../src/formats/serialize.ts'
import { completeWith, startProvider, streamWords, type Provider } from './support/provider.ts'

const seed = path.resolve(import.meta.dirname, '../fixtures/capital-question.json')
let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
})

const post = async (url: string, body: string) =>
  (await fetch(`${url}/chat/completions`, { method: 'POST', body })).text()
const record = (name: string, provider: Provider, bodies: string[], options: CassetteOptions = {}) =>
  withCassette(
    name,
    async () => {
      for (const body of bodies) await post(provider.url, body)
    },
    { dir, mode: 'auto', ...options },
  )
const questions = (text: string) =>
  JSON.parse(text).recordings.map((recording: { request: { body: unknown } }) => recording.request.body)

test('a recorded cassette stands indented in its file, each event of a stream on one line', async () => {
  await using provider = await startProvider(streamWords(['Washington']))
  await record('talk', provider, [
    JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Capital?' }], stream: true }),
  ])
  const text = await readFile(path.join(dir, 'talk.json'), 'utf8')
  const stable = text
    .replace(/"\d{4}-\d\d-\d\d"/, '"<date>"')
    .replace(/127\.0\.0\.1:\d+/, 'provider')
    .replace(/"timing": \[[\d,]+\]/, '"timing": [<ms>]')
  expect(stable).toMatchInlineSnapshot(`
    "{
      "version": 1,
      "recordings": [
        {
          "recorded_at": "<date>",
          "request": {
            "method": "POST",
            "url": "http://provider/v1/chat/completions",
            "headers": {},
            "body": {
              "model": "m",
              "messages": [
                {
                  "role": "user",
                  "content": "Capital?"
                }
              ],
              "stream": true
            },
            "endpoint": "/v1/chat/completions",
            "model": "m"
          },
          "response": {
            "status": 200,
            "headers": {
              "content-type": "text/event-stream; charset=utf-8"
            },
            "is_streaming": true,
            "body": [
              {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1758191363,"model":"test-model","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]},
              {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1758191363,"model":"test-model","choices":[{"index":0,"delta":{"content":"Washington"},"finish_reason":null}]},
              {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1758191363,"model":"test-model","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]},
              "[DONE]"
            ],
            "timing": [<ms>],
            "ended": "complete"
          }
        }
      ]
    }
    "
  `)
})

test('a cassette that is read and printed again is the same text', () => {
  const value = fc.jsonValue({ maxDepth: 4 })
  const recording = fc.record(
    {
      test: fc.string(),
      note: value,
      request: fc.record({ method: fc.constant('POST'), url: fc.webUrl(), body: value }),
      response: fc.record({
        status: fc.integer({ min: 200, max: 599 }),
        is_streaming: fc.boolean(),
        body: fc.array(value),
      }),
    },
    { requiredKeys: ['request', 'response'] },
  )
  fc.assert(
    fc.property(fc.array(recording, { maxLength: 3 }), recordings => {
      const text = serializeCassette(JSON.parse(JSON.stringify(recordings)))
      expect(serializeCassette(parseCassette(text, 'x.json'))).toBe(text)
    }),
  )
})

test('recording into a file leaves the recordings that it holds as they were, byte for byte', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await record('talk', provider, ['"one"'])
  const before = await readFile(path.join(dir, 'talk.json'), 'utf8')
  await record('talk', provider, ['"one"', '"two"'])
  const after = await readFile(path.join(dir, 'talk.json'), 'utf8')
  expect(questions(after)).toEqual(['"one"', '"two"'])
  expect(after.startsWith(before.slice(0, before.lastIndexOf('\n  ]')))).toBe(true)
})

test('a bare recording, an array and a wrapped one are cassettes, and stay as they are while they are only played', async () => {
  const bare = JSON.parse(await readFile(seed, 'utf8'))
  const files = {
    bare: JSON.stringify(bare),
    array: JSON.stringify([bare, bare]),
    file: JSON.stringify({ version: 1, recordings: [bare] }, null, 7),
  }
  for (const [name, text] of Object.entries(files)) {
    await writeFile(path.join(dir, `${name}.json`), text)
    const answer = await withCassette(
      name,
      async () => {
        const { url, body } = bare.request
        return (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).text()
      },
      { dir, mode: 'auto' },
    )
    expect(answer).toContain(' Washington')
    expect(await readFile(path.join(dir, `${name}.json`), 'utf8')).toBe(text)
  }
})

test('a byte order mark at the start of a file says nothing, and is gone once the file is written again', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await record('talk', provider, ['"one"'])
  const file = path.join(dir, 'talk.json')
  await writeFile(file, `\uFEFF${await readFile(file, 'utf8')}`)
  await record('talk', provider, ['"one"', '"two"'])
  expect(provider.requests).toHaveLength(2)
  expect(questions(await readFile(file, 'utf8'))).toEqual(['"one"', '"two"'])
})

test('recording into the file of the seed keeps the request and the response of the seed', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await copyFile(seed, path.join(dir, 'talk.json'))
  await record('talk', provider, ['"new"'])
  const { recordings } = JSON.parse(await readFile(path.join(dir, 'talk.json'), 'utf8'))
  expect(recordings).toHaveLength(2)
  // What a dump leaves out stands in the file now, as in every other recording.
  const { request, response } = JSON.parse(await readFile(seed, 'utf8'))
  expect(recordings[0]).toEqual({
    request,
    response: { ...response, status: 200, body: [...response.body, '[DONE]'] },
  })
})

test('a folder is one cassette: every file is played, new recordings get files of their own', async () => {
  await using provider = await startProvider(completeWith(body => `answer to ${body}`))
  await mkdir(path.join(dir, 'talk'))
  await copyFile(seed, path.join(dir, 'talk', 'seed.json'))
  await record('talk', provider, ['"one"', '"one"', '"two"'])
  const names = await readdir(path.join(dir, 'talk'))
  expect(names).toHaveLength(4)
  expect(names.filter(name => /^chat-completions-[0-9a-f]{8}-00[12]\.json$/.test(name))).toHaveLength(3)

  const before = await Promise.all(names.map(name => stat(path.join(dir, 'talk', name))))
  await record('talk', provider, ['"two"', '"one"', '"one"'])
  expect(provider.requests).toHaveLength(3)
  await record('talk', provider, ['"three"'])
  const after = await Promise.all(names.map(name => stat(path.join(dir, 'talk', name))))
  expect(after.map(file => file.mtimeMs)).toEqual(before.map(file => file.mtimeMs))

  await record('talk', provider, ['"four"'], { mode: 'record' })
  expect(await readdir(path.join(dir, 'talk'))).toHaveLength(1)
})

test('recordings of others that are written while a test runs are merged, not overwritten', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await Promise.all(
    Array.from({ length: 8 }, (_, index) => record('talk', provider, [`"question ${index}"`])),
  )
  const text = await readFile(path.join(dir, 'talk.json'), 'utf8')
  expect(questions(text).toSorted()).toEqual(Array.from({ length: 8 }, (_, index) => `"question ${index}"`))
  expect(await readdir(dir)).toEqual(['talk.json'])
})

test('a cassette that breaks between reading and writing is an error, and is not overwritten', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await record('talk', provider, ['"one"'])
  const file = path.join(dir, 'talk.json')
  const work = withCassette(
    'talk',
    async () => {
      await post(provider.url, '"two"')
      await writeFile(file, '{ "version": 1, "recordings": [')
    },
    { dir, mode: 'auto' },
  )
  await expect(work).rejects.toMatchObject({ code: 'bad-cassette', file })
  expect(await readFile(file, 'utf8')).toBe('{ "version": 1, "recordings": [')
})

test('a file of a folder that is replaced, edited in place, or taken away counts at once', async () => {
  const folder = path.join(dir, 'talk')
  await mkdir(folder)
  const url = 'https://api.openai.com/v1'
  const file = (number: number) => path.join(folder, `${String(number).padStart(3, '0')}.json`)
  const answer = (number: number, text: string) =>
    JSON.stringify({
      request: { method: 'POST', url: `${url}/chat/completions`, body: { number } },
      response: { status: 200, body: { text } },
    })
  for (let number = 0; number < 120; number++) await writeFile(file(number), answer(number, 'old'))
  const replay = () => withCassette('talk', () => post(url, '{"number":7}'), { dir, mode: 'replay' })
  expect(await replay()).toContain('old')

  await writeFile(`${file(7)}.new`, answer(7, 'replaced'))
  await rename(`${file(7)}.new`, file(7))
  expect(await replay()).toContain('replaced')

  await writeFile(file(7), answer(7, 'edited in place'))
  expect(await replay()).toContain('edited in place')

  await rm(file(7))
  await expect(replay()).rejects.toMatchObject({ code: 'miss' })
})

test('while one file of a folder is broken, none of the others is changed', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  const folder = path.join(dir, 'talk')
  await mkdir(folder)
  await record('talk', provider, ['"one"', '"two"'])
  const names = await readdir(folder)
  const work = withCassette(
    'talk',
    async () => {
      await post(provider.url, '"three"')
      await writeFile(path.join(folder, 'z.json'), '{ "request": ')
    },
    { dir, mode: 'record' },
  )
  await expect(work).rejects.toMatchObject({ code: 'bad-cassette', file: path.join(folder, 'z.json') })
  expect(await readdir(folder)).toEqual([...names, 'z.json'])
})

test('recordings that a test adds to a large folder, or takes away from it, count at once', async () => {
  await using provider = await startProvider(
    completeWith(body => `answer ${provider.requests.length} to ${body}`),
  )
  const folder = path.join(dir, 'talk')
  await mkdir(folder)
  for (let number = 0; number < 120; number++)
    await writeFile(
      path.join(folder, `${number}.json`),
      JSON.stringify({
        request: { method: 'POST', url: `${provider.url}/chat/completions`, body: { number } },
        response: { status: 200, body: { text: `number ${number}` } },
      }),
    )
  const call = (body: string, mode: 'auto' | 'replay') =>
    withCassette('talk', () => post(provider.url, body), { dir, mode })
  for (const question of ['"one"', '"two"', '"one"']) await call(question, 'auto')
  expect(provider.requests).toHaveLength(2)
  for (const question of ['"one"', '"two"', '{"number":7}']) await call(question, 'replay')
  expect(await readdir(folder)).toHaveLength(122)

  // Whatever has no test belongs to every script: recording takes all of it away.
  await withCassette('talk', () => post(provider.url, '"three"'), { dir, mode: 'record' })
  expect(await readdir(folder)).toHaveLength(1)
  expect(await call('"three"', 'replay')).toContain('answer 3')
  await expect(call('"one"', 'replay')).rejects.toMatchObject({ code: 'miss' })
})

test('headers typed by hand whose names differ in case only are one header with both values', async () => {
  const url = 'https://api.openai.com/v1'
  const request = { method: 'POST', url: `${url}/chat/completions`, body: { a: 1 } }
  const headers = {
    Vary: 'Origin',
    vary: 'Accept',
    'Content-Type': 'application/json',
    'Content-Length': '9999',
  }
  const response = { status: 200, headers, body: { text: 'ok' } }
  await writeFile(path.join(dir, 'talk.json'), JSON.stringify({ request, response }))
  const call = () => fetch(request.url, { method: 'POST', body: '{"a":1}' })
  const replayed = await withCassette('talk', call, { dir, mode: 'replay' })
  expect(Object.fromEntries(replayed.headers)).toEqual({
    vary: 'Origin, Accept',
    'content-type': 'application/json',
  })
})
