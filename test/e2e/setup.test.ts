import { expect, test } from 'vitest'
import { askApp, configOfWays, createProject } from '../support/project.ts'
import { completeWith, startProvider } from '../support/provider.ts'

const key = { OPENAI_API_KEY: 'sk-test-1234567890' }
const asking = (name: string) => `
  import { expect, test } from 'vitest'
  import { useCassette } from 'vitest-cassette'
  import { ask } from './src/ask.ts'
  test('asks', async () => {
    useCassette(\`${name}\`)
    expect(await ask('Hi')).toBe('hello')
  })
`

test('without plugin and setup, useCassette says what to do', async () => {
  await using project = await createProject({
    'src/ask.ts': askApp,
    'a.test.ts': asking('a'),
    'vitest.config.ts': 'export default {}',
  })
  const run = await project.run([], key)
  expect(run.errors['asks']).toContain('plugins: [cassettes()]')
  expect(run.errors['asks']).toContain('setupCassettes()')
})

test("a setup file of one's own, and the ready-made one, do what the plugin does, however test files run", async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  const setupFiles = ['./setup.ts']
  const ways = {
    forks: { pool: 'forks', setupFiles },
    'one worker': { pool: 'forks', isolate: false, maxWorkers: 1, setupFiles },
    vmThreads: { pool: 'vmThreads', setupFiles },
    'ready-made': { setupFiles: ['vitest-cassette/setup'] },
  }
  await using project = await createProject({
    'src/ask.ts': askApp,
    'a.test.ts': asking('${process.env.WAY} a'),
    'b.test.ts': asking('${process.env.WAY} b'),
    'setup.ts': `import { setupCassettes } from 'vitest-cassette'\nsetupCassettes({ dir: 'tapes' })\n`,
    'vitest.config.ts': configOfWays(ways, '[]'),
  })
  const environment = { ...key, PROVIDER_URL: provider.url }
  const recorded = await project.run([], environment)
  expect(recorded, recorded.output).toMatchObject({ errors: {}, exitCode: 0 })
  expect((await project.files('tapes')).toSorted()).toEqual(
    ['forks', 'one worker', 'vmThreads'].flatMap(way => [`${way} a.json`, `${way} b.json`]),
  )
  expect((await project.files('cassettes')).toSorted()).toEqual(['ready-made a.json', 'ready-made b.json'])
  await provider.stop()
  const replayed = await project.run([], { ...environment, CI: 'true' })
  expect(replayed, replayed.output).toMatchObject({ errors: {}, exitCode: 0 })
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
        expect(cassette.calls).toMatchObject([{ outcome: 'replayed' }])
      })
    `,
  })
  const environment = { ...key, PROVIDER_URL: provider.url }
  const run = await project.run([], environment)
  expect(run.errors).toEqual({})
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
