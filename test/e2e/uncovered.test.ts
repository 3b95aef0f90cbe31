import { expect, test } from 'vitest'
import { createProject } from '../support/project.ts'
import { completeWith, startProvider } from '../support/provider.ts'

const ask = `
  export const ask = (url, content, headers = {}) => fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'test-model', messages: [{ role: 'user', content }] }),
  })
`
const config = (options: string) => `
  import { cassettes } from 'vitest-cassette/plugin'
  import { defineConfig } from 'vitest/config'
  export default defineConfig({ plugins: [cassettes(${options})] })
`
const live = `
  import { expect, test } from 'vitest'
  import { ask } from './ask.js'
  test('uses no cassette', async () => {
    expect((await ask(process.env.PROVIDER_URL + '/chat/completions', 'Live?')).status).toBe(200)
  })
`

test('an LLM call of a test without a cassette goes its way, and the summary names host, test and fix', async () => {
  await using provider = await startProvider(completeWith(() => 'Live.'))
  await using project = await createProject({ 'ask.js': ask, 'a.test.ts': live })
  const { host } = new URL(provider.url)
  const run = await project.run([], { PROVIDER_URL: provider.url, CI: 'true' })
  expect(run.exitCode, run.output).toBe(0)
  expect(run.output).toContain(
    `uncovered 1 LLM call to ${host}, of 'uses no cassette', which uses no cassette`,
  )
  expect(run.output).toContain(`useCassette() in the test, or cassettes({ exclude: ['${host}'] })`)
})

test.each([
  ["{ uncovered: 'fail' }", 1, true],
  ["{ uncovered: 'ignore' }", 0, false],
  ["{ exclude: ['127.0.0.1'] }", 0, false],
])('with %s a run ends with %i', async (options, exitCode, isNamed) => {
  await using provider = await startProvider(completeWith(() => 'Live.'))
  await using project = await createProject({
    'vitest.config.ts': config(options),
    'ask.js': ask,
    'a.test.ts': live,
  })
  const run = await project.run([], { PROVIDER_URL: provider.url })
  expect(run.exitCode, run.output).toBe(exitCode)
  expect(run.output.includes('uncovered')).toBe(isNamed)
})

test('a placeholder is never sent, and the refusal says which variable is missing', async () => {
  await using provider = await startProvider(completeWith(() => 'Live.'))
  await using project = await createProject({
    'ask.js': ask,
    'a.test.ts': `
      import { expect, test } from 'vitest'
      import { ask } from './ask.js'
      test('uses no cassette', async () => {
        const authorization = 'Bearer ' + process.env.OPENAI_API_KEY
        const response = await ask(process.env.PROVIDER_URL + '/chat/completions', 'Live?', { authorization })
        expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('OPENAI_API_KEY is not set')])
      })
    `,
  })
  const run = await project.run([], { PROVIDER_URL: provider.url })
  expect(run.tests, run.output).toEqual({ 'uses no cassette': 'passed' })
  expect(provider.requests).toEqual([])
})
