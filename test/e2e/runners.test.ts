import path from 'node:path'
import { expect, test } from 'vitest'
import { createProject } from '../support/project.ts'
import { completeWith, startProvider } from '../support/provider.ts'

const playwright = path.resolve(import.meta.dirname, '../../node_modules/@playwright/test/cli.js')

const ask = `
  import OpenAI from 'openai'
  export async function ask(question) {
    const client = new OpenAI({ baseURL: process.env.PROVIDER_URL })
    const messages = [{ role: 'user', content: question }]
    const { choices } = await client.chat.completions.create({ model: 'test-model', messages })
    return choices[0].message.content
  }
`

test('a script records, and replays in CI without a key', async () => {
  await using provider = await startProvider(completeWith(() => 'Washington'))
  await using project = await createProject({
    'ask.js': ask,
    'script.js': `
      import { withCassette } from 'vitest-cassette/node'
      import { ask } from './ask.js'
      console.log(await withCassette('capital', async cassette => [await ask('Capital?'), cassette.mode]))
    `,
  })
  const PROVIDER_URL = provider.url
  const recorded = await project.node(['script.js'], { PROVIDER_URL, OPENAI_API_KEY: 'none' })
  expect(recorded).toEqual({ exitCode: 0, output: "[ 'Washington', 'auto' ]\n" })
  await provider.stop()
  const replayed = await project.node(['script.js'], { PROVIDER_URL, CI: 'true' })
  expect(replayed).toEqual({ exitCode: 0, output: "[ 'Washington', 'replay' ]\n" })
})

test('a script whose call is not recorded fails, and says which command records it', async () => {
  await using project = await createProject({
    'ask.js': ask,
    'scripts/eval.js': `
      import { withCassette } from 'vitest-cassette/node'
      import { ask } from '../ask.js'
      await withCassette('capital', () => ask('Capital?').catch(() => 'the app goes on'))
    `,
  })
  const run = await project.node(['scripts/eval.js'], { PROVIDER_URL: 'http://127.0.0.1:9/v1', CI: 'true' })
  expect(run.exitCode).toBe(1)
  expect(run.output).toContain('unknown   the cassette holds no recording.')
  expect(run.output).toContain('  CASSETTE_MODE=auto node scripts/eval.js\n')
})

test("Vitest's globalSetup builds an index once, from a cassette of its own", async () => {
  await using provider = await startProvider(completeWith(() => '0.25 0.5'))
  await using project = await createProject({
    'ask.js': ask,
    'global-setup.js': `
      import { withCassette } from 'vitest-cassette/node'
      import { ask } from './ask.js'
      export default async function setup(project) {
        project.provide('index', await withCassette('index', () => ask('Embed!'), { dir: 'setup-cassettes' }))
      }
    `,
    'vitest.config.ts': `
      import { cassettes } from 'vitest-cassette/plugin'
      import { defineConfig } from 'vitest/config'
      export default defineConfig({ plugins: [cassettes()], test: { globalSetup: './global-setup.js' } })
    `,
    'search.test.ts': `
      import { expect, inject, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      import { ask } from './ask.js'
      test('searches', async () => {
        expect(inject('index')).toBe('0.25 0.5')
        useCassette('search')
        expect(await ask('Search!')).toBe('0.25 0.5')
      })
    `,
  })
  const PROVIDER_URL = provider.url
  const recorded = await project.run([], { PROVIDER_URL, OPENAI_API_KEY: 'none' })
  expect(recorded.tests).toEqual({ searches: 'passed' })
  expect(await project.files('setup-cassettes')).toEqual(['index.json'])
  expect(await project.files('cassettes')).toEqual(['search.json'])
  await provider.stop()
  const replayed = await project.run([], { PROVIDER_URL, CI: 'true' })
  expect(replayed.tests).toEqual({ searches: 'passed' })
  expect(replayed.output).not.toContain('orphan')
  expect(provider.requests).toHaveLength(2)
})

test('tests of node:test that run at the same time have a cassette each; a miss fails its own', async () => {
  await using provider = await startProvider(
    completeWith(body => (body.includes('Paris') ? 'France' : 'Italy')),
  )
  const files = {
    'ask.js': ask,
    'cities.test.js': `
      import assert from 'node:assert/strict'
      import { describe, test } from 'node:test'
      import { withCassette } from 'vitest-cassette/node'
      import { ask } from './ask.js'
      describe('cities', { concurrency: true }, () => {
        for (const [city, country] of [['Paris', 'France'], ['Rome', 'Italy']])
          test(city, () => withCassette(city, async cassette => {
            assert.equal(await ask(process.env.QUESTION + city), country)
            assert.equal(cassette.calls.length, 1)
          }))
      })
    `,
  }
  await using project = await createProject(files)
  const environment = { PROVIDER_URL: provider.url, QUESTION: 'Where is ' }
  const recorded = await project.node(['--test'], { ...environment, OPENAI_API_KEY: 'none' })
  expect(recorded.output).toContain('ℹ pass 2')
  await provider.stop()
  const replayed = await project.node(['--test'], { ...environment, CI: 'true' })
  expect(replayed.output).toContain('ℹ pass 2')

  const missed = await project.node(['--test'], { ...environment, QUESTION: 'What of ', CI: 'true' })
  expect(missed.exitCode).toBe(1)
  expect(missed.output).toContain('recorded  "Where is Paris"')
  expect(missed.output).toContain('CASSETTE_MODE=auto node cities.test.js')
})

test('a Playwright test records and replays; a miss fails it', async () => {
  await using provider = await startProvider(completeWith(() => 'Washington'))
  await using project = await createProject({
    'ask.js': ask,
    'playwright.config.js': `export default { testMatch: '*.spec.js' }`,
    'capital.spec.js': `
      import { expect, test } from '@playwright/test'
      import { withCassette } from 'vitest-cassette/node'
      import { ask } from './ask.js'
      test('names the capital', () => withCassette('capital', async () => {
        expect(await ask(process.env.QUESTION)).toBe('Washington')
      }))
    `,
  })
  const environment = { PROVIDER_URL: provider.url, QUESTION: 'Capital?' }
  const run = (more: Record<string, string>) =>
    project.node([playwright, 'test', '--reporter=list'], { ...environment, ...more })
  expect((await run({ OPENAI_API_KEY: 'none' })).output).toContain('1 passed')
  await provider.stop()
  expect((await run({ CI: 'true' })).output).toContain('1 passed')

  const missed = await run({ CI: 'true', QUESTION: 'City?' })
  expect(missed.exitCode).toBe(1)
  expect(missed.output).toContain('received  "City?"')
  expect(missed.output).toContain('CASSETTE_MODE=auto (and the command that you have just run)')
})

test("a user's own MSW server with cassetteHandlers() records, replays, and fails a test that misses", async () => {
  await using provider = await startProvider(completeWith(() => 'Washington'))
  await using project = await createProject({
    'ask.js': ask,
    'server.ts': `
      import { http, HttpResponse } from 'msw'
      import { setupServer } from 'msw/node'
      import { cassetteHandlers } from 'vitest-cassette/msw'
      export const server = setupServer(
        ...cassetteHandlers(),
        http.get('https://shop.example/items', () => HttpResponse.json(['a', 'b'])),
      )
    `,
    'shop.test.ts': `
      import { http, HttpResponse } from 'msw'
      import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      import { ask } from './ask.js'
      import { server } from './server.ts'
      beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
      afterEach(() => server.resetHandlers())
      afterAll(() => server.close())
      test('both', async () => {
        const cassette = useCassette('capital')
        expect(await (await fetch('https://shop.example/items')).json()).toEqual(['a', 'b'])
        expect(await ask('Capital?')).toBe('Washington')
        expect(cassette.calls[0].outcome).toBe(process.env.OUTCOME)
      })
      test('overridden', async () => {
        const cassette = useCassette('capital')
        server.use(http.post('*/chat/completions', () => HttpResponse.json({ error: { message: 'overloaded' } }, { status: 400 })))
        await expect(ask('Capital?')).rejects.toThrow('overloaded')
        expect(cassette.calls).toEqual([])
      })
      test('missed', async () => {
        useCassette('capital')
        await ask('City?').catch(() => undefined)
      })
    `,
  })
  const environment = { PROVIDER_URL: provider.url }
  const recorded = await project.run(['-t', 'both|overridden'], {
    ...environment,
    OPENAI_API_KEY: 'none',
    OUTCOME: 'recorded',
  })
  expect(recorded.errors).toEqual({})
  await provider.stop()
  const replayed = await project.run([], { ...environment, CI: 'true', OUTCOME: 'replayed' })
  expect(replayed.tests).toEqual({ both: 'passed', overridden: 'passed', missed: 'failed' })
  expect(replayed.errors.missed).toContain('test-model, "City?"')
})
