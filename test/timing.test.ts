import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import OpenAI from 'openai'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { withCassette, type CassetteOptions } from 'vitest-cassette/node'
import { sleep, startProvider, streamWords } from './support/provider.ts'

const { setImmediate } = globalThis
const turn = () => new Promise(resolve => setImmediate(resolve))

const base = 'https://api.openai.com/v1'
const chunk = (content: string) => ({
  id: 'c',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: { content } }],
})
const recording = {
  request: { method: 'POST', url: `${base}/chat/completions`, body: { stream: true } },
  response: {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    is_streaming: true,
    body: [chunk('a'), chunk('b'), chunk('c'), chunk('d'), '[DONE]'],
    timing: [212, 0, 100, 50, 0],
  },
}
/** When each event is due, in ms. */
const due: [CassetteOptions['timing'], number[]][] = [
  [undefined, [0, 0, 0, 0, 0]],
  ['instant', [0, 0, 0, 0, 0]],
  ['recorded', [212, 212, 312, 362, 362]],
  [{ speed: 2 }, [106, 106, 156, 181, 181]],
  [{ speed: 0.5 }, [424, 424, 624, 724, 724]],
  [{ tokensPerSecond: 50 }, [20, 40, 60, 80, 100]],
]

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  await writeFile(path.join(dir, 'talk.json'), JSON.stringify(recording))
})
afterEach(() => void vi.useRealTimers())

function replay<Result>(timing: CassetteOptions['timing'], work: () => Promise<Result>): Promise<Result> {
  return withCassette('talk', work, { dir, mode: 'replay', ...(timing === undefined ? {} : { timing }) })
}

async function open(signal?: AbortSignal) {
  const init = { method: 'POST', body: '{"stream":true}', ...(signal ? { signal } : {}) }
  const response = await fetch(`${base}/chat/completions`, init)
  return response.body!.getReader()
}

type Reader = Awaited<ReturnType<typeof open>>

/** Reads on and on; `reads` grows as events arrive. */
function readAll(reader: Reader): { reads: string[]; ended: boolean } {
  const seen = { reads: [] as string[], ended: false }
  void (async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      seen.reads.push(Buffer.from(value).toString())
    }
    seen.ended = true
  })()
  return seen
}

test.for(due)('with %o each event comes when the fake clock says so, not before', async ([timing, times]) => {
  vi.useFakeTimers()
  await replay(timing, async () => {
    const seen = readAll(await open())
    await vi.advanceTimersByTimeAsync(0)
    for (let now = 0; now <= times.at(-1)!; now++) {
      expect(seen.reads).toHaveLength(times.filter(time => time <= now).length)
      await vi.advanceTimersByTimeAsync(1)
    }
    expect(seen.ended).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })
})

test('no event comes by real time while the clock is fake', async () => {
  vi.useFakeTimers()
  await replay({ tokensPerSecond: 1000 }, async () => {
    const seen = readAll(await open())
    for (let count = 0; count < 50; count++) await turn()
    expect(seen.reads).toEqual([])
    await vi.advanceTimersByTimeAsync(3)
    expect(seen.reads).toHaveLength(3)
  })
})

test('events that were due while the app did something else are there when it reads', async () => {
  vi.useFakeTimers()
  await replay('recorded', async () => {
    const reader = await open()
    vi.advanceTimersByTime(312)
    const seen = readAll(reader)
    await turn()
    expect(seen.reads).toHaveLength(3)
    vi.advanceTimersByTime(50)
    await turn()
    expect(seen).toMatchObject({ ended: true, reads: { length: 5 } })
  })
})

test('events come by a fake clock of which only setTimeout is fake', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await replay('recorded', async () => {
    const seen = readAll(await open())
    await vi.advanceTimersByTimeAsync(212)
    expect(seen.reads).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(99)
    expect(seen.reads).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(51)
    expect(seen.reads).toHaveLength(5)
  })
})

test('the OpenAI SDK sees each chunk when it is due', async () => {
  vi.useFakeTimers()
  await replay('recorded', async () => {
    const seen: unknown[] = []
    const client = new OpenAI({ baseURL: base, apiKey: 'none' })
    const body = { stream: true } as OpenAI.ChatCompletionCreateParamsStreaming
    const done = (async () => {
      for await (const { choices } of await client.chat.completions.create(body))
        seen.push(choices[0]?.delta.content)
    })()
    await vi.advanceTimersByTimeAsync(211)
    expect(seen).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(seen).toEqual(['a', 'b'])
    await vi.advanceTimersByTimeAsync(150)
    await done
    expect(seen).toEqual(['a', 'b', 'c', 'd'])
  })
})

test('a client that is caught at its socket waits for the fake clock too', async () => {
  vi.useFakeTimers()
  await replay('recorded', async () => {
    const reads: string[] = []
    const ended = new Promise<void>((resolve, reject) => {
      const call = request(`${base}/chat/completions`, { method: 'POST' }, response => {
        response.on('data', data => reads.push(String(data))).on('end', resolve)
      })
      call.on('error', reject).end('{"stream":true}')
    })
    await Promise.race([ended, sleep(30)])
    expect(reads).toEqual([])
    await vi.advanceTimersByTimeAsync(362)
    await ended
    expect(reads).toHaveLength(5)
  })
})

const leave = {
  'cancels the body': async (reader: Reader) => reader.cancel(),
  'aborts the request': async (reader: Reader, abort: AbortController) => {
    const read = reader.read()
    abort.abort()
    await expect(read).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
  },
}

test.for(Object.entries(leave))('no timer is left once the app %s', async ([, work]) => {
  vi.useFakeTimers()
  await replay('recorded', async () => {
    const abort = new AbortController()
    const reader = await open(abort.signal)
    vi.advanceTimersByTime(212)
    await reader.read()
    await reader.read()
    await work(reader, abort)
    expect(vi.getTimerCount()).toBe(0)
  })
})

test.for([
  ['recorded', 360],
  [{ speed: 4 }, 88],
  [{ tokensPerSecond: 100 }, 48],
] as const)('on the real clock %o takes %d ms at least', async ([timing, least]) => {
  await replay(timing, async () => {
    const started = performance.now()
    const reader = await open()
    while (!(await reader.read()).done);
    expect(performance.now() - started).toBeGreaterThanOrEqual(least)
  })
})

test('the gaps of a real stream are recorded and come again', async () => {
  await using provider = await startProvider(streamWords(['a', 'b'], { gap: 40 }))
  const options = { dir, mode: 'auto', timing: 'recorded' } as const
  const talk = async () => {
    const response = await fetch(`${provider.url}/chat/completions`, { method: 'POST', body: '{}' })
    const started = performance.now()
    await response.text()
    return performance.now() - started
  }
  await withCassette('gaps', talk, options)
  await provider.stop()
  const { recordings } = JSON.parse(await readFile(path.join(dir, 'gaps.json'), 'utf8'))
  const { timing } = recordings[0].response
  expect(timing).toHaveLength(5)
  // On a busy machine two events may arrive as one, after the gaps of both.
  const between = timing.slice(1).reduce((sum: number, gap: number) => sum + gap)
  expect(between).toBeGreaterThan(80)
  expect(await withCassette('gaps', talk, options)).toBeGreaterThanOrEqual(between - 5)
})

test('a recording has real dates and times where the test has a fake clock', async () => {
  await using provider = await startProvider(streamWords(['a', 'b'], { gap: 20 }))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'], now: 0 })
  await withCassette(
    'fake',
    async () => (await fetch(`${provider.url}/chat/completions`, { method: 'POST', body: '{}' })).text(),
    { dir, mode: 'auto' },
  )
  vi.useRealTimers()
  const { recordings } = JSON.parse(await readFile(path.join(dir, 'fake.json'), 'utf8'))
  expect(recordings[0].recorded_at).not.toMatch(/^1970/)
  expect(recordings[0].response.timing[1]).toBeGreaterThan(10)
})

test.for([
  ['instant', '0'],
  ['recorded', '7'],
] as const)(
  'with the timing %o a recorded `retry-after` of 7 s is replayed as %s s',
  async ([timing, seconds]) => {
    const response = {
      status: 429,
      headers: { 'retry-after': '7' },
      body: { error: { message: 'slow down' } },
    }
    await writeFile(path.join(dir, 'talk.json'), JSON.stringify({ ...recording, response }))
    const answer = await replay(timing, () =>
      fetch(`${base}/chat/completions`, { method: 'POST', body: '{"stream":true}' }),
    )
    expect(answer.headers.get('retry-after')).toBe(seconds)
  },
)

test.for([{ speed: 0 }, { tokensPerSecond: -1 }, { speed: Number.NaN }])(
  'the timing %o is refused',
  async timing => {
    await expect(replay(timing, () => sleep(0))).rejects.toMatchObject({ code: 'bad-option' })
  },
)
