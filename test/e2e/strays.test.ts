import { expect, test } from 'vitest'
import { createProject, type Project } from '../support/project.ts'
import { completeWith, startProvider } from '../support/provider.ts'

/** Ways to make a call outside of the async context of the test that wants it. */
const ways = {
  // An app server that is started before the tests.
  'server.test.ts': `
    let server
    beforeAll(async () => { server = await startApp() })
    afterAll(() => server.close())
    for (const topic of topics) test('server ' + topic, async () => {
      const cassette = useCassette('server')
      const response = await fetch(server.url + '/' + topic)
      tell(topic, await response.text(), cassette)
    })
  `,
  'file-fixture.test.ts': `
    const withApp = test.extend('app', { scope: 'file' }, async ({}, { onCleanup }) => {
      const server = await startApp()
      onCleanup(() => server.close())
      return server.url
    })
    for (const topic of topics) withApp('fixture ' + topic, async ({ app }) => {
      const cassette = useCassette('fixture')
      const response = await fetch(app + '/' + topic)
      tell(topic, await response.text(), cassette)
    })
  `,
  'first-test.test.ts': `
    let server
    afterAll(() => server.close())
    for (const topic of topics) test('started by the first test ' + topic, async () => {
      const cassette = useCassette('first-test')
      server ??= await startApp()
      const response = await fetch(server.url + '/' + topic)
      tell(topic, await response.text(), cassette)
    })
  `,
  // A loop that has run since the module was loaded.
  'loop.test.ts': `
    const jobs = []
    let wake = () => {}
    void (async () => {
      for (;;) {
        const job = jobs.shift()
        if (job) await ask(job.topic).then(job.resolve, job.reject)
        else await new Promise(resolve => (wake = resolve))
      }
    })()
    const submit = topic => new Promise((resolve, reject) => { jobs.push({ topic, resolve, reject }); wake() })
    for (const topic of topics) test('loop ' + topic, async () => {
      const cassette = useCassette('loop')
      tell(topic, await submit(topic), cassette)
    })
  `,
  'poller.test.ts': `
    const jobs = []
    const timer = setInterval(() => {
      for (const { topic, resolve, reject } of jobs.splice(0)) ask(topic).then(resolve, reject)
    }, 5)
    afterAll(() => clearInterval(timer))
    for (const topic of topics) test('poller ' + topic, async () => {
      const cassette = useCassette('poller')
      tell(topic, await new Promise((resolve, reject) => jobs.push({ topic, resolve, reject })), cassette)
    })
  `,
  'queue.test.ts': `
    import fastq from 'fastq'
    const queue = fastq.promise(topic => ask(topic), 1)
    describe.concurrent('queue', () => {
      for (const topic of topics) test(topic, async () => {
        const cassette = useCassette('queue')
        tell(topic, await queue.push(topic), undefined)
      })
    })
  `,
}

const prelude = `
  import { afterAll, beforeAll, describe, expect, test } from 'vitest'
  import { useCassette } from 'vitest-cassette'
  import { ask, startApp } from './app.ts'
  const topics = ['Paris', 'Rome', 'Oslo']
  function tell(topic, answer, cassette) {
    expect(answer).toBe('About ' + topic + (process.env.MORE ?? ''))
    if (cassette) expect(cassette.calls.map(call => call.outcome)).toEqual([process.env.EXPECTED])
  }
`
/** Work that runs later, in the context of no test. */
const poller = `
  const jobs = []
  const timer = setInterval(() => { for (const job of jobs.splice(0)) job() }, 5)
  afterAll(() => clearInterval(timer))
  const later = work => new Promise(resolve => jobs.push(() => resolve(work())))
  const pause = () => new Promise(resolve => setTimeout(resolve, 200))
`
const app = `
  import http from 'node:http'
  export async function ask(topic) {
    const messages = [{ role: 'user', content: topic + (process.env.MORE ?? '') }]
    const response = await fetch(process.env.PROVIDER_URL + '/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'test-model', messages }),
    })
    if (!response.ok) throw new Error(await response.text())
    return (await response.json()).choices[0].message.content
  }
  export async function startApp() {
    const server = http.createServer(async ({ url }, response) => {
      response.end(await ask(url.slice(1)).catch(error => error.message))
    })
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
    const close = () => { server.closeAllConnections(); server.close() }
    return { url: 'http://127.0.0.1:' + server.address().port, close }
  }
`

function createApp(files: Record<string, string>): Promise<Project> {
  const written = Object.entries(files).map(([name, content]) => [name, prelude + content])
  return createProject({ ...Object.fromEntries(written), 'app.ts': app })
}

const aboutTopic = completeWith(body => `About ${JSON.parse(body).messages[0].content}`)
const outcomes = ({ tests }: { tests: Record<string, string> }) => [...new Set(Object.values(tests))]

test(
  'calls that lose the context of their test are recorded for it, and replayed without a connection',
  { timeout: 180_000 },
  async () => {
    await using provider = await startProvider(aboutTopic)
    await using project = await createApp(ways)
    const PROVIDER_URL = provider.url
    const recorded = await project.run([], { PROVIDER_URL, EXPECTED: 'recorded' })
    expect(outcomes(recorded), recorded.output).toEqual(['passed'])
    const calls = provider.requests.length
    const replayed = await project.run([], { PROVIDER_URL, EXPECTED: 'replayed', CI: 'true' })
    expect(outcomes(replayed), replayed.output).toEqual(['passed'])
    const missed = await project.run([], { PROVIDER_URL, EXPECTED: 'missed', CI: 'true', MORE: '?' })
    expect(outcomes(missed), missed.output).toEqual(['failed'])
    expect(provider.requests).toHaveLength(calls)
  },
)

test('a call that several tests may have made is refused, fails each of them and names the way to bind it', async () => {
  await using provider = await startProvider(aboutTopic)
  await using project = await createApp({
    'a.test.ts': `${poller}
      describe.concurrent('two', () => {
        test('unbound', async () => {
          useCassette('unbound')
          await later(() => ask('Paris')).catch(() => {})
          await pause()
        })
        test('neighbour', async () => { useCassette('neighbour'); await pause() })
      })
    `,
    'b.test.ts': `${poller}
      describe.concurrent('two', () => {
        test('bound', async () => {
          const cassette = useCassette('bound')
          expect(await later(() => cassette.run(() => ask('Paris')))).toBe('About Paris')
          await pause()
          expect(cassette.calls).toHaveLength(1)
        })
        test('beside it', async () => { useCassette('beside'); await pause() })
      })
    `,
  })
  const run = await project.run([], { PROVIDER_URL: provider.url })
  expect(run.tests).toEqual({
    'two > unbound': 'failed',
    'two > neighbour': 'failed',
    'two > bound': 'passed',
    'two > beside it': 'passed',
  })
  expect(run.errors['two > unbound']).toContain('cassette.run(() => …)')
  expect(run.errors['two > neighbour']).toContain("'two > unbound', 'two > neighbour'")
  expect(provider.requests).toHaveLength(1)
})

test('a call after the last test does not leave a worker that replays, and fails its file', async () => {
  await using provider = await startProvider(aboutTopic)
  await using project = await createApp({
    'late.test.ts': `
      afterAll(() => new Promise(resolve => setTimeout(resolve, 200)))
      test('leaves a timer behind', () => {
        useCassette('late', { mode: 'replay' })
        setTimeout(() => void ask('Paris').catch(() => {}), 50)
      })
    `,
  })
  const run = await project.run([], { PROVIDER_URL: provider.url })
  expect(run.exitCode).toBe(1)
  expect(run.output).toContain('no test with a cassette runs now')
  expect(provider.requests).toEqual([])
})

test('calls of a file without cassettes go their way', async () => {
  await using provider = await startProvider(aboutTopic)
  await using project = await createApp({
    'live.test.ts': `
      const early = ask('Oslo')
      test('asks the model itself', async () => {
        expect([await early, await ask('Rome')]).toEqual(['About Oslo', 'About Rome'])
      })
    `,
  })
  const run = await project.run([], { PROVIDER_URL: provider.url, CI: 'true' })
  expect(run.tests, run.output).toEqual({ 'asks the model itself': 'passed' })
  expect(provider.requests).toHaveLength(2)
})
