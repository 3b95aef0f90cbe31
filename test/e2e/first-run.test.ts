import { afterAll, beforeAll, expect, test } from 'vitest'
import { askApp, createProject, type Project } from '../support/project.ts'
import { sleep, startProvider, streamWords, type Provider } from '../support/provider.ts'

let provider: Provider
let project: Project
let url: string

beforeAll(async () => {
  provider = await startProvider(streamWords(['Washington', ',', ' D.C.'], { gap: 60 }))
  url = provider.url
  project = await createProject({
    'src/ask.ts': askApp,
    'capital.test.ts': `
      import { expect, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      import { stream } from './src/ask.ts'

      test('names the capital', async () => {
        const cassette = useCassette('capital')
        const arrivals: number[] = []
        let text = ''
        try {
          for await (const word of stream(process.env.QUESTION ?? 'What is the capital?')) {
            arrivals.push(performance.now())
            text += word
          }
        } catch {}
        console.log('MODE', cassette.mode, cassette.modeReason)
        console.log('SPREAD', Math.round(arrivals.at(-1)! - arrivals[0]!))
        if (process.env.QUESTION === undefined) expect(text).toBe('Washington, D.C.')
      })
    `,
  })
})
afterAll(async () => {
  await provider.stop()
  await project[Symbol.asyncDispose]()
})

const key = { OPENAI_API_KEY: 'sk-test-1234567890' }

test('without a cassette in CI the test fails and nothing is sent', async () => {
  const run = await project.run([], { PROVIDER_URL: url, CI: 'true', ...key })

  expect(run.tests).toEqual({ 'names the capital': 'failed' })
  expect(run.errors['names the capital']).toContain('the cassette holds no recording')
  expect(provider.requests).toEqual([])
  expect(await project.files('cassettes')).toEqual([])
})

test('without a key nothing is sent, and the miss says which one to set', async () => {
  const run = await project.run([], { PROVIDER_URL: url })

  expect(run.tests).toEqual({ 'names the capital': 'failed' })
  expect(run.errors['names the capital']).toContain('OPENAI_API_KEY')
  expect(provider.requests).toEqual([])
})

test('the first run records while the app reads the stream as it arrives', async () => {
  const run = await project.run([], { PROVIDER_URL: url, ...key })

  expect(run.tests).toEqual({ 'names the capital': 'passed' })
  expect(run.output).toContain('MODE auto default')
  // Five events, 60 ms apart: read at the end, they would come within a few.
  expect(Number(/SPREAD (\d+)/.exec(run.output)?.[1])).toBeGreaterThan(150)
  expect(provider.requests).toHaveLength(1)

  const [recording] = JSON.parse(await project.read('cassettes/capital.json')).recordings
  expect(recording).toMatchObject({
    test: 'names the capital',
    request: {
      method: 'POST',
      headers: {},
      body: { model: 'test-model', stream: true },
      model: 'test-model',
    },
    response: { status: 200, is_streaming: true, ended: 'complete' },
  })
  expect(recording.response.headers).toEqual({ 'content-type': 'text/event-stream; charset=utf-8' })
  expect(recording.response.body.at(-1)).toBe('[DONE]')
  expect(recording.response.timing).toHaveLength(recording.response.body.length)
  expect(await project.read('cassettes/capital.json')).not.toContain(key.OPENAI_API_KEY)
})

test('the second run replays with the provider gone, and leaves the file alone', async () => {
  await provider.stop()
  const before = await project.read('cassettes/capital.json')
  const run = await project.run([], { PROVIDER_URL: url })

  expect(run.tests).toEqual({ 'names the capital': 'passed' })
  expect(await project.read('cassettes/capital.json')).toBe(before)
})

test('in CI a changed prompt fails the test although the app catches the error', async () => {
  const before = await project.read('cassettes/capital.json')
  const run = await project.run([], {
    PROVIDER_URL: url,
    CI: 'true',
    QUESTION: 'What is the capital of France?',
  })

  expect(run.tests).toEqual({ 'names the capital': 'failed' })
  const error = run.errors['names the capital']
  expect(error).toContain('cassettes/capital.json')
  expect(error).toContain("replay (CI: Vitest runs with update 'none')")
  expect(error).toContain('messages[0].content')
  expect(error).toContain('recorded  "What is the capital?"')
  expect(error).toContain('received  "What is the capital of France?"')
  expect(error).toContain("CASSETTE_MODE=auto npx vitest run capital.test.ts -t 'names the capital'")
  // Vitest draws the difference.
  expect(run.output).toMatch(/-\s+"content": "What is the capital\?"/)
  expect(await project.read('cassettes/capital.json')).toBe(before)
})

test('`--update=none` means CI, and CASSETTE_MODE is stronger than everything', async () => {
  const inCi = await project.run(['--update=none'], { PROVIDER_URL: url })
  expect(inCi.output).toContain("MODE replay CI: Vitest runs with update 'none'")

  const forced = await project.run([], { PROVIDER_URL: url, CI: 'true', CASSETTE_MODE: 'auto' })
  expect(forced.output).toContain('MODE auto CASSETTE_MODE=auto')

  const unknown = await project.run([], { PROVIDER_URL: url, CASSETTE_MODE: 'rekord' })
  expect(unknown.tests).toEqual({ 'names the capital': 'failed' })
  expect(unknown.errors['names the capital']).toContain(
    'CASSETTE_MODE=rekord is not a mode. Use one of auto, replay, record, live.',
  )
  await sleep(0)
})
