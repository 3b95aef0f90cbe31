import { expect, test } from 'vitest'
import { askApp, createProject } from '../support/project.ts'
import { completeWith, startProvider } from '../support/provider.ts'

const key = { OPENAI_API_KEY: 'sk-test-1234567890' }
const plain = `
  import { defineConfig } from 'vitest/config'
  export default defineConfig({ test: { setupFiles: process.env.SETUP ? [process.env.SETUP] : [] } })
`
const asking = (name: string) => `
  import { expect, test } from 'vitest'
  import { useCassette } from 'vitest-cassette'
  import { ask } from './src/ask.ts'
  test('asks', async () => {
    useCassette('${name}')
    expect(await ask('Hi')).toBe('hello')
  })
`

test('without plugin and setup, useCassette says what to do', async () => {
  await using project = await createProject({
    'src/ask.ts': askApp,
    'a.test.ts': asking('a'),
    'vitest.config.ts': plain,
  })
  const run = await project.run([], key)
  expect(run.errors['asks']).toContain('plugins: [cassettes()]')
  expect(run.errors['asks']).toContain('setupCassettes()')
})

test.for([[], ['--no-isolate', '--maxWorkers=1'], ['--pool=vmThreads']])(
  'a setup file does the same as the plugin (%j)',
  async args => {
    await using provider = await startProvider(completeWith(() => 'hello'))
    await using project = await createProject({
      'src/ask.ts': askApp,
      'a.test.ts': asking('a'),
      'b.test.ts': asking('b'),
      'setup.ts': `import { setupCassettes } from 'vitest-cassette'\nsetupCassettes({ dir: 'tapes' })\n`,
      'vitest.config.ts': plain,
    })
    const environment = { ...key, PROVIDER_URL: provider.url, SETUP: './setup.ts' }
    expect(await project.run(args, environment)).toMatchObject({ errors: {}, exitCode: 0 })
    expect((await project.files('tapes')).toSorted()).toEqual(['a.json', 'b.json'])
    await provider.stop()
    expect(await project.run(args, { ...environment, CI: 'true' })).toMatchObject({ errors: {}, exitCode: 0 })
  },
)

test('the ready-made setup module does the same without options', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await using project = await createProject({
    'src/ask.ts': askApp,
    'a.test.ts': asking('a'),
    'b.test.ts': asking('b'),
    'vitest.config.ts': plain,
  })
  const environment = { ...key, PROVIDER_URL: provider.url, SETUP: 'vitest-cassette/setup' }
  expect(await project.run([], environment)).toMatchObject({ errors: {}, exitCode: 0 })
  expect((await project.files('cassettes')).toSorted()).toEqual(['a.json', 'b.json'])
})

test('plugin options reach the tests, patterns included; the options of a call are stronger', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await using project = await createProject({
    'src/ask.ts': askApp,
    'vitest.config.ts': `
      import { cassettes } from 'vitest-cassette/plugin'
      import { defineConfig } from 'vitest/config'
      export default defineConfig({
        plugins: [cassettes({ dir: 'tapes', mode: 'live', match: { replace: [[/run \\d+/gi, '<run>']], host: false } })],
      })
    `,
    'a.test.ts': `
      import { expect, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      import { ask } from './src/ask.ts'
      test('live', async () => {
        const cassette = useCassette('live')
        await ask('Hi')
        expect(cassette).toMatchObject({ mode: 'live', modeReason: 'option of the plugin', calls: [{ outcome: 'live' }] })
      })
      test('recorded', async () => {
        const cassette = useCassette('talk', { mode: 'auto', match: { dates: true } })
        expect(await ask('Run 7 of 2026-11-23')).toBe('hello')
        expect(cassette.modeReason).toBe('option of this cassette')
      })
      test('replayed', async () => {
        const cassette = useCassette('talk', { mode: 'replay', match: { dates: true } })
        await ask('run 12 of 2026-11-24')
      })
    `,
  })
  const environment = { ...key, PROVIDER_URL: provider.url }
  const run = await project.run([], environment)
  expect(Object.keys(run.errors)).toEqual(['replayed'])
  expect(run.errors['replayed']).toContain('recorded, but for another test: recorded')
  expect(await project.files('tapes')).toEqual(['talk.json'])
})

test('an unknown option of the plugin stops the run and names it', async () => {
  await using project = await createProject({
    'a.test.ts': `import { test } from 'vitest'\ntest('x', () => {})`,
    'vitest.config.ts': `
      import { cassettes } from 'vitest-cassette/plugin'
      import { defineConfig } from 'vitest/config'
      export default defineConfig({ plugins: [cassettes({ folder: 'tapes' } as object)] })
    `,
  })
  const run = await project.run()
  expect(run.exitCode).not.toBe(0)
  expect(run.output).toContain('Bad option of cassettes()')
  expect(run.output).toContain('folder')
})

test('useCassette in a beforeAll, and outside of all, are clear errors', async () => {
  await using project = await createProject({
    'hook.test.ts': `
      import { beforeAll, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      beforeAll(() => void useCassette('x'))
      test('a', () => {})
    `,
    'broken.test.ts': `
      import { test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      test('b', () => useCassette('broken'))
    `,
    'cassettes/broken.json': '{',
  })
  const run = await project.run()
  expect(run.output).toContain('not in a beforeAll')
  expect(run.errors['b']).toContain('cassettes/broken.json')
})
