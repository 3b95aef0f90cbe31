import OpenAI from 'openai'
import { mkdtemp, readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { withCassette } from 'vitest-cassette/node'
import { sleep, startProvider, streamWords, type Reply } from './support/provider.ts'
import { runScript } from './support/script.ts'

const words = Array.from({ length: 20 }, (_, index) => ` word${index}`)
const params = { model: 'm', messages: [{ role: 'user' as const, content: 'Talk' }], stream: true as const }
const ask = (url: string, options = {}) =>
  new OpenAI({ baseURL: url, apiKey: 'k', maxRetries: 0 }).chat.completions.create(params, options)

const uncaught: unknown[] = []
const note = (error: unknown) => uncaught.push(error)
beforeAll(() => void process.on('uncaughtException', note).on('unhandledRejection', note))
afterAll(() => {
  process.off('uncaughtException', note).off('unhandledRejection', note)
  expect(uncaught).toEqual([])
})

async function recordThenReplay<Result>(reply: Reply, work: (url: string) => Promise<Result>) {
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  await using provider = await startProvider(reply)
  const recorded = await withCassette('talk', () => work(provider.url), { dir, mode: 'auto' })
  const file = JSON.parse(await readFile(path.join(dir, 'talk.json'), 'utf8'))
  await provider.stop()
  const replayed = await withCassette('talk', () => work(provider.url), { dir, mode: 'replay' })
  return { recorded, replayed, response: file.recordings[0].response, provider }
}

test.for([0, 40, 2000])(
  'the cancel of openai right after [DONE] leaves a complete recording, the socket open for %d ms more',
  async linger => {
    const { recorded, replayed, response } = await recordThenReplay(
      streamWords(words, { linger }),
      async url => Array.fromAsync(await ask(url)),
    )
    expect(recorded).toHaveLength(22)
    expect(replayed).toEqual(recorded)
    expect(response).toMatchObject({ ended: 'complete' })
    expect(response.body).toHaveLength(23)
  },
)

test('a recording is complete where its reader leaves and the provider ends the stream at once', async () => {
  const reply: Reply = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: {"text":"a"}\n\n')
    setTimeout(() => response.end(), 20)
  }
  const { response } = await recordThenReplay(reply, async url => {
    const reader = (await fetch(`${url}/chat/completions`, { method: 'POST', body: '{}' })).body!.getReader()
    await reader.read()
    await reader.cancel()
  })
  expect(response).toMatchObject({ ended: 'complete', body: [{ text: 'a' }] })
})

const leave = {
  'an early break': async (url: string) => {
    const seen: unknown[] = []
    for await (const chunk of await ask(url)) if (seen.push(chunk) === 3) break
    return seen
  },
  'stream.controller.abort()': async (url: string) => {
    const seen: unknown[] = []
    const stream = await ask(url)
    for await (const chunk of stream) if (seen.push(chunk) === 3) stream.controller.abort()
    return seen
  },
  'an AbortSignal': async (url: string) => {
    const seen: unknown[] = []
    const abort = new AbortController()
    try {
      for await (const chunk of await ask(url, { signal: abort.signal }))
        if (seen.push(chunk) === 3) abort.abort()
    } catch (error) {
      seen.push((error as Error).name)
    }
    return seen
  },
}

test.for(Object.entries(leave))(
  '%s is recorded as aborted, stops the provider, and replays',
  async ([, work]) => {
    const { recorded, replayed, response, provider } = await recordThenReplay(
      streamWords(words, { gap: 8 }),
      work,
    )

    expect(recorded.slice(0, 3)).toHaveLength(3)
    expect(replayed).toEqual(recorded)
    expect(response.ended).toBe('aborted')
    expect(response.body.length).toBeLessThan(12)
    await expect.poll(() => provider.aborted).toBe(1)
  },
)

test.for(Object.entries(leave))(
  '%s 50 times, recording and replaying, leaves nothing uncaught',
  async ([, work]) => {
    const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
    await using provider = await startProvider(streamWords(words, { gap: 1 }))
    const fifty = async () => {
      for (let count = 0; count < 10; count++)
        await Promise.all(Array.from({ length: 5 }, () => work(provider.url)))
    }
    await withCassette('talk', fifty, { dir, mode: 'auto' })
    await withCassette('talk', fifty, { dir, mode: 'replay' })
    await sleep(50)
    expect(uncaught).toEqual([])
  },
)

test('leaving a stream of a fetch that is caught at its socket leaves nothing uncaught', async () => {
  const { fetch } = await import('undici')
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  await using provider = await startProvider(streamWords(words, { gap: 1 }))
  const work = async () => {
    const abort = new AbortController()
    const init = { method: 'POST', body: JSON.stringify(params), signal: abort.signal }
    const response = await fetch(`${provider.url}/chat/completions`, init)
    const reader = response.body!.getReader()
    await reader.read()
    abort.abort()
    await expect(reader.read()).rejects.toThrow(/abort/)
  }
  const fifty = async () => {
    for (let count = 0; count < 50; count++) await work()
  }
  await withCassette('talk', fifty, { dir, mode: 'auto' })
  await withCassette('talk', fifty, { dir, mode: 'replay' })
  await sleep(50)
  expect(uncaught).toEqual([])
})

test('a stream that the provider breaks off is recorded as an error and breaks off again', async () => {
  const reply: Reply = async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\ndata: {"choices":[{"ind')
    await sleep(20)
    response.destroy()
  }
  const { recorded, replayed, response } = await recordThenReplay(reply, async url => {
    const seen: unknown[] = []
    try {
      for await (const chunk of await ask(url)) seen.push(chunk.choices[0]?.delta.content)
    } catch (error) {
      seen.push((error as Error).message)
    }
    return seen
  })
  expect(recorded).toEqual(['a', 'terminated'])
  expect(replayed).toEqual(recorded)
  expect(response).toMatchObject({
    ended: 'error',
    body: [{ choices: [{ index: 0, delta: { content: 'a' } }] }, { __raw__: 'data: {"choices":[{"ind' }],
  })
})

test('a provider that cannot be reached fails as it does without a cassette, and records nothing', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const provider = await startProvider(() => undefined)
  await provider.stop()
  await withCassette(
    'talk',
    async () => {
      const call = fetch(`${provider.url}/chat/completions`, { method: 'POST', body: '{}' })
      await expect(call).rejects.toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNREFUSED' } })
    },
    { dir, mode: 'auto' },
  )
  await expect(readFile(path.join(dir, 'talk.json'))).rejects.toThrow('ENOENT')
})

/** Leaves a stream after three events, and reads it to its end when it replays: `[what it saw, how that ended]` each. */
const leaveThenReadOn = `
  import http from 'node:http'
  import OpenAI from 'openai'
  import { fetch as undiciFetch } from 'undici'
  import { withCassette } from 'vitest-cassette/node'
  const [dir, baseURL] = process.argv.slice(1)
  const params = { model: 'm', messages: [{ role: 'user', content: 'Talk' }], stream: true }
  const readWith = fetch => async (seen, count) => {
    const client = new OpenAI({ baseURL, apiKey: 'k', maxRetries: 0, ...(fetch && { fetch }) })
    for await (const { choices } of await client.chat.completions.create(params))
      if (seen.push(choices[0]?.delta.content) === count) break
  }
  const clients = {
    'the global fetch': readWith(),
    'the fetch of undici': readWith(undiciFetch),
    'node:http': (seen, count) => new Promise((resolve, reject) => {
      const leave = response => resolve(response.destroy())
      http.request(baseURL + '/chat/completions', { method: 'POST' }, response => {
        response.on('data', data => seen.push(String(data)) === count && leave(response)).on('end', resolve).on('error', reject)
      }).end(JSON.stringify(params))
    }),
  }
  // As that of a test runner, this process has more to do than to wait for the stream.
  const running = setInterval(() => {}, 100_000)
  const ends = {}
  for (const [name, read] of Object.entries(clients)) {
    const readUntil = count => async () => {
      const seen = []
      const end = await read(seen, count).then(() => 'its end', error => error.message)
      return [seen, end]
    }
    const left = await withCassette(name.replace(':', ' '), readUntil(3), { dir, mode: 'auto' })
    const readOn = await withCassette(name.replace(':', ' '), readUntil(Infinity), { dir, mode: 'replay' })
    ends[name] = { left, readOn }
  }
  clearInterval(running)
  console.log(JSON.stringify(ends))
`

test('an app that reads on where the recorded app left its stream gets the error of a broken connection', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  await using provider = await startProvider(streamWords(words, { gap: 8 }))
  const ends = await runScript(leaveThenReadOn, { args: [dir, provider.url], hurried: true })
  const left = [expect.objectContaining({ length: 3 }), 'its end']
  const readOn = (end: string) => [expect.not.objectContaining({ length: words.length + 2 }), end]
  expect(ends).toEqual({
    'the global fetch': { left, readOn: readOn('terminated') },
    'the fetch of undici': { left, readOn: readOn('terminated') },
    'node:http': { left, readOn: readOn('aborted') },
  })
})

test('a connection that is not made in time fails with a timeout, as without a cassette', async () => {
  // Takes connections, and never says a word of TLS.
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const script = `
    import { withCassette } from 'vitest-cassette/node'
    const [dir, port] = process.argv.slice(1)
    const call = () => fetch('https://127.0.0.1:' + port + '/v1/chat/completions', { method: 'POST', body: '{}' })
    const error = await withCassette('talk', call, { dir, mode: 'auto' }).catch(thrown => thrown)
    console.log(JSON.stringify({ message: error.message, code: error.cause.code }))
  `
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const args = [dir, String((server.address() as AddressInfo).port)]
  expect(await runScript(script, { args, hurried: true })).toEqual({
    message: 'fetch failed',
    code: 'UND_ERR_CONNECT_TIMEOUT',
  })
})

/** Hands its chunks to a stream of bytes, which takes their memory over: nobody else can read it from then on. */
async function readAsBytes(url: string): Promise<string> {
  const { body } = await fetch(`${url}/chat/completions`, { method: 'POST', body: '{}' })
  const reader = body!.getReader()
  const bytes = new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      const { done, value } = await reader.read()
      if (value) return controller.enqueue(value)
      if (done) controller.close()
      controller.byobRequest?.respond(0)
    },
  })
  return new Response(bytes).text()
}

test.for([
  ['an event stream', streamWords(words)],
  [
    'an AWS event stream',
    (_request, response) => {
      const message = Buffer.concat([Buffer.from([0, 0, 0, 20]), Buffer.alloc(16, 'x')])
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' })
      response.end(Buffer.concat([message, message, message, Buffer.from([0xff])]))
    },
  ],
] satisfies [string, Reply][])(
  'each reader of %s has chunks of its own, however often it plays',
  async ([, reply]) => {
    const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
    await using provider = await startProvider(reply)
    const recorded = await withCassette('talk', () => readAsBytes(provider.url), { dir, mode: 'auto' })
    await provider.stop()
    for (const timing of ['instant', 'recorded'] as const) {
      const work = async () => [await readAsBytes(provider.url), await readAsBytes(provider.url)]
      const replayed = await withCassette('talk', work, { dir, mode: 'replay', repeat: true, timing })
      expect(replayed).toEqual([recorded, recorded])
    }
  },
)
