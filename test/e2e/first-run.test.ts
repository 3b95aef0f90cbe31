import { expect, onTestFinished, test } from 'vitest'
import { askApp, createProject, type Project } from '../support/project.ts'
import { startProvider, streamWords } from '../support/provider.ts'

const key = { OPENAI_API_KEY: 'sk-test-1234567890' }
/** Where no provider is: nobody listens at this port. */
const gone = { PROVIDER_URL: 'http://127.0.0.1:9/v1' }

async function createApp(files: Record<string, string> = {}): Promise<Project> {
  const project = await createProject({
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
    ...files,
  })
  onTestFinished(() => project[Symbol.asyncDispose]())
  return project
}

async function startCapitals() {
  const provider = await startProvider(streamWords(['Washington', ',', ' D.C.'], { gap: 60 }))
  onTestFinished(() => provider.stop())
  return provider
}

/** What a first run has recorded. */
const capital = JSON.stringify({
  version: 1,
  recordings: [
    {
      test: 'names the capital',
      request: {
        method: 'POST',
        url: `${gone.PROVIDER_URL}/chat/completions`,
        body: {
          model: 'test-model',
          messages: [{ role: 'user', content: 'What is the capital?' }],
          stream: true,
        },
      },
      response: {
        status: 200,
        is_streaming: true,
        body: [{ choices: [{ index: 0, delta: { content: 'Washington, D.C.' } }] }, '[DONE]'],
      },
    },
  ],
})

test('without a cassette in CI the test fails and nothing is sent', async () => {
  const provider = await startCapitals()
  const project = await createApp()
  const run = await project.run([], { PROVIDER_URL: provider.url, CI: 'true', ...key })

  expect(run.tests).toEqual({ 'names the capital': 'failed' })
  expect(run.errors['names the capital']).toContain('the cassette holds no recording')
  expect(provider.requests).toEqual([])
  expect(await project.files('cassettes')).toEqual([])
})

test('without a key nothing is sent, and the miss says which one to set', async () => {
  const provider = await startCapitals()
  const project = await createApp()
  const run = await project.run([], { PROVIDER_URL: provider.url })

  expect(run.tests).toEqual({ 'names the capital': 'failed' })
  expect(run.errors['names the capital']).toContain('OPENAI_API_KEY')
  expect(provider.requests).toEqual([])
})

test('a first run records while the app reads the stream as it arrives, and a second run replays it without the provider', async () => {
  const provider = await startCapitals()
  const project = await createApp()
  const first = await project.run([], { PROVIDER_URL: provider.url, ...key })

  expect(first.tests).toEqual({ 'names the capital': 'passed' })
  expect(first.output).toContain('MODE auto default')
  // Five events, 60 ms apart: read at the end, they would come within a few.
  expect(Number(/SPREAD (\d+)/.exec(first.output)?.[1])).toBeGreaterThan(150)
  expect(provider.requests).toHaveLength(1)

  const text = await project.read('cassettes/capital.json')
  const [recording] = JSON.parse(text).recordings
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
  expect(text).not.toContain(key.OPENAI_API_KEY)

  await provider.stop()
  const second = await project.run([], { PROVIDER_URL: provider.url })
  expect(second.tests).toEqual({ 'names the capital': 'passed' })
  expect(await project.read('cassettes/capital.json')).toBe(text)
})

test('in CI a changed prompt fails the test although the app catches the error', async () => {
  const project = await createApp({ 'cassettes/capital.json': capital })
  const run = await project.run([], { ...gone, CI: 'true', QUESTION: 'What is the capital of France?' })

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
  expect(await project.read('cassettes/capital.json')).toBe(capital)
})

test('`--update=none` replays as in CI', async () => {
  const project = await createApp({ 'cassettes/capital.json': capital })
  const run = await project.run(['--update=none'], gone)
  expect(run.tests).toEqual({ 'names the capital': 'passed' })
  expect(run.output).toContain("MODE replay CI: Vitest runs with update 'none'")
})

test('CASSETTE_MODE is stronger than CI', async () => {
  const project = await createApp({ 'cassettes/capital.json': capital })
  const run = await project.run([], { ...gone, CI: 'true', CASSETTE_MODE: 'auto' })
  expect(run.tests).toEqual({ 'names the capital': 'passed' })
  expect(run.output).toContain('MODE auto CASSETTE_MODE=auto')
})

test('a CASSETTE_MODE that is no mode fails the test and lists the modes', async () => {
  const project = await createApp()
  const run = await project.run([], { ...gone, CASSETTE_MODE: 'rekord' })
  expect(run.tests).toEqual({ 'names the capital': 'failed' })
  expect(run.errors['names the capital']).toContain(
    'CASSETTE_MODE=rekord is not a mode. Use one of auto, replay, record, live.',
  )
})
