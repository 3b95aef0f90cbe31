import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { cassetteOf, recordingOf, runCli } from '../support/cli.ts'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { askApp, createProject, type Project } from '../support/project.ts'
import { completeWith, sleep, startProvider } from '../support/provider.ts'

const key = { OPENAI_API_KEY: 'sk-test-1234567890' }
const files = {
  'src/ask.ts': askApp,
  'one.test.ts': `
    import { beforeAll, describe, test } from 'vitest'
    import { useCassette } from 'vitest-cassette'
    import { ask } from './src/ask.ts'
    const questions = (process.env.QUESTIONS ?? 'a,b,c').split(',')
    test('talks', async () => {
      useCassette('talk')
      for (const question of questions) await ask(question)
    })
    describe('a suite', () => {
      useCassette('suite')
      beforeAll(() => ask('index'))
      test.skipIf(process.env.SKIP)('asks', () => ask('suite'))
    })
  `,
  'two.test.ts': `
    import { test } from 'vitest'
    import { useCassette } from 'vitest-cassette'
    import { ask } from './src/ask.ts'
    test('other', async () => {
      useCassette('other')
      await ask('other')
    })
  `,
}
/** One worker for both files, which starts once: the recording run has two. */
const config = (options = '') => `
  import { cassettes } from 'vitest-cassette/plugin'
  import { defineConfig } from 'vitest/config'
  export default defineConfig({ plugins: [cassettes(${options})], test: { isolate: false, maxWorkers: 1 } })
`
const summaryOf = (output: string) =>
  /\n {2}Cassettes {2}[\s\S]*?(?=\n\n|\n [A-Z]|$)/.exec(output)?.[0].trim()

/** A project whose first run has recorded all that its tests ask; of which each test gets a copy. */
let recording: { project: Project; url: string; output: string }
beforeAll(async () => {
  const provider = await startProvider(completeWith(() => 'hello'))
  const project = await createProject(files)
  const { output, exitCode } = await project.run([], { ...key, PROVIDER_URL: provider.url })
  expect(exitCode, output).toBe(0)
  await provider.stop()
  await project.write({ 'vitest.config.ts': config() })
  recording = { project, url: provider.url, output }
})
afterAll(() => recording.project[Symbol.asyncDispose]())

async function recorded(whenDone = onTestFinished): Promise<{ project: Project; url: string }> {
  const project = await recording.project.copy()
  whenDone(() => project[Symbol.asyncDispose]())
  return { project, url: recording.url }
}

test('a run that records names each cassette that is to be committed', () => {
  expect(summaryOf(recording.output)).toBe(
    [
      'Cassettes  6 recorded',
      '   recorded  cassettes/other.json (1)',
      '             commit it',
      '   recorded  cassettes/suite.json (2)',
      '             commit it',
      '   recorded  cassettes/talk.json (3)',
      '             commit it',
    ].join('\n'),
  )
})

test('a run that replays says in one line what its cassettes did, and how many tokens they saved', async () => {
  const { project, url } = await recorded()
  const replay = await project.run([], { PROVIDER_URL: url })
  expect(summaryOf(replay.output)).toBe('Cassettes  6 replayed, about 12 tokens not paid for')
})

describe('after a run on GitHub that misses', () => {
  let output: string
  beforeAll(async () => {
    const { project, url } = await recorded(afterAll)
    const environment = { PROVIDER_URL: url, CI: 'true', GITHUB_ACTIONS: 'true', QUESTIONS: 'a,b,x' }
    output = (await project.run(['--reporter=github-actions'], environment)).output
  })

  test('the summary names the test and the command that records it', () => {
    expect(summaryOf(output)).toBe(
      [
        'Cassettes  5 replayed, 1 missed, about 10 tokens not paid for',
        '   missed    talks',
        "             CASSETTE_MODE=auto npx vitest run one.test.ts -t 'talks'",
      ].join('\n'),
    )
  })

  test('the miss is an annotation at the line of useCassette', () => {
    const line = files['one.test.ts'].split('\n').findIndex(text => text.includes("useCassette('talk')")) + 1
    expect(output).toMatch(
      new RegExp(`::error file=[^\\n]*one\\.test\\.ts,[^\\n]*line=${line},[^\\n]*No recording answers`),
    )
  })
})

describe('after a full run with -u, options, and a test that passes when it is tried again', () => {
  let output: string
  let project: Project
  let aged: string
  beforeAll(async () => {
    const { project: copy, url } = await recorded(afterAll)
    project = copy
    const talk = await project.read('cassettes/talk.json')
    aged = talk.replace(/"recorded_at": "[\d-]+"/, '"recorded_at": "2020-01-01"')
    await project.write({
      'cassettes/talk.json': aged,
      'vitest.config.ts': config("{ maxAge: '90d', redact: { patterns: [/EMP-\\d+/, /inde./] } }"),
      'two.test.ts': `
        import { test } from 'vitest'
        import { useCassette } from 'vitest-cassette'
        import { ask } from './src/ask.ts'
        let attempts = 0
        test('other', { retry: 2 }, async () => {
          useCassette('other')
          await ask('other')
          console.log('ATTEMPT')
          if (attempts++ < 2) throw new Error('not yet')
        })
      `,
    })
    output = (await project.run(['-u'], { PROVIDER_URL: url })).output
  })

  test('nothing was recorded again', async () => {
    expect(summaryOf(output)).toMatch(/^Cassettes {2}6 replayed, about 12 tokens not paid for$/m)
    expect(await project.read('cassettes/talk.json')).toBe(aged)
  })

  test('of the retried test only the last attempt counts', () => {
    expect(output.match(/ATTEMPT/g)).toHaveLength(3)
    expect(summaryOf(output)).toMatch(/^Cassettes {2}6 replayed/)
  })

  test('recordings that are older than maxAge are named', () => {
    expect(summaryOf(output)).toContain('old       cassettes/talk.json: 1 older than 90d')
  })

  test('a pattern of redact that found nothing is named', () => {
    expect(summaryOf(output)).toContain('/EMP-\\d+/ of redact.patterns found nothing')
    expect(summaryOf(output)).not.toContain('/inde./ of redact.patterns')
  })
})

test('a full run names the recordings that it did not play, and the cassettes that no test asked for', async () => {
  const { project, url } = await recorded()
  const talk = JSON.parse(await project.read('cassettes/talk.json'))
  await project.write({
    'cassettes/left.json': JSON.stringify(talk),
    'cassettes/data.json': '{"not":"a cassette"}',
  })
  const run = await project.run([], { PROVIDER_URL: url, QUESTIONS: 'a,b' })
  expect(run.exitCode).toBe(0)
  expect(summaryOf(run.output)).toBe(
    [
      'Cassettes  5 replayed, 1 unused, 1 orphan, about 10 tokens not paid for',
      "   unused    cassettes/talk.json, recording 3, of 'talks'",
      '             npx vitest-cassette prune',
      '   orphan    cassettes/left.json, which no test asked for',
      '             npx vitest-cassette prune',
    ].join('\n'),
  )
  expect(JSON.parse(await project.read('node_modules/.vitest-cassette/last-run.json'))).toEqual({
    full: true,
    dirs: ['cassettes'],
    unused: [{ file: 'cassettes/talk.json', index: 2 }],
    orphans: ['cassettes/left.json'],
  })
})

test.for([['one.test.ts'], ['-t', 'talks'], ['--shard=1/2']])(
  'a run of a part of the tests calls nothing unused (%j)',
  async args => {
    const { project, url } = await recorded()
    await project.write({ 'cassettes/left.json': await project.read('cassettes/talk.json') })
    const part = await project.run(args, { PROVIDER_URL: url, QUESTIONS: 'a,b' })
    expect(part.output).toContain('Cassettes ')
    expect(part.output).not.toMatch(/unused|orphan/)
  },
)

test('a run that skips a test calls nothing unused', async () => {
  const { project, url } = await recorded()
  const skipping = await project.run([], { PROVIDER_URL: url, SKIP: '1' })
  expect(skipping.output).toContain('Cassettes ')
  expect(skipping.output).not.toMatch(/unused|orphan/)
})

test("`unused: 'fail'` fails a full run that did not play a recording", async () => {
  const { project, url } = await recorded()
  await project.write({ 'vitest.config.ts': config("{ unused: 'fail' }") })
  const run = await project.run([], { PROVIDER_URL: url, QUESTIONS: 'a,b' })
  expect(Object.values(run.tests)).toEqual(['passed', 'passed', 'passed'])
  expect(run.exitCode).toBe(1)
})

test("`unused: 'ignore'` says nothing of recordings that were not played", async () => {
  const { project, url } = await recorded()
  await project.write({ 'vitest.config.ts': config("{ unused: 'ignore' }") })
  const run = await project.run([], { PROVIDER_URL: url, QUESTIONS: 'a,b' })
  expect(summaryOf(run.output)).toBe('Cassettes  5 replayed, about 10 tokens not paid for')
})

test('the merged report of shards sums up what each of them did', async () => {
  const { project, url } = await recorded()
  const blob = (shard: number) => [
    `--shard=${shard}/2`,
    '--reporter=blob',
    `--outputFile.blob=${project.root}/blobs/${shard}.json`,
  ]
  for (const shard of [1, 2]) await project.run(blob(shard), { PROVIDER_URL: url, QUESTIONS: 'a,b' })
  const merged = await project.run([`--merge-reports=${project.root}/blobs`], { PROVIDER_URL: url })
  expect(summaryOf(merged.output)).toMatch(/^Cassettes {2}5 replayed, 1 unused, about 10 tokens not paid for/)
})

test('the summary leaves the standard output to reporters that write data', async () => {
  const { project, url } = await recorded()
  const vitest = path.resolve(import.meta.dirname, '../../node_modules/vitest/vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', '--reporter=tap'], {
    cwd: project.root,
    env: { ...process.env, PROVIDER_URL: url, CI: '', CASSETTE_MODE: '', OPENAI_API_KEY: '' },
  })
  const [stdout, stderr] = await Promise.all(
    [child.stdout, child.stderr].map(async stream => (await stream.setEncoding('utf8').toArray()).join('')),
  )
  expect(stdout).toMatch(/^TAP version/)
  expect(stdout).not.toContain('Cassettes')
  expect(stderr).toContain('Cassettes  6 replayed')
})

test('in watch mode an edited cassette runs its tests again, one that the run has written does not', async () => {
  const provider = await startProvider(completeWith(() => 'hello'))
  const project = await createProject(files)
  onTestFinished(() => project[Symbol.asyncDispose]())
  const vitest = path.resolve(import.meta.dirname, '../../node_modules/vitest/vitest.mjs')
  const child = spawn(process.execPath, [vitest, '--watch', '--reporter=verbose'], {
    cwd: project.root,
    env: { ...process.env, ...key, PROVIDER_URL: provider.url, CI: '', VITEST: '', CASSETTE_MODE: '' },
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await provider.stop()
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += stripVTControlCharacters(text)))
  const runs = () => output.match(/^ *Tests +\d+ passed/gm) ?? []

  await expect.poll(runs, { timeout: 30_000 }).toHaveLength(1)
  await sleep(1500)
  expect(runs()).toHaveLength(1)

  const file = path.join(project.root, 'cassettes/talk.json')
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll('"hello"', '"edited"'))
  await expect.poll(runs, { timeout: 30_000 }).toHaveLength(2)
  expect(runs()[1]).toContain('2 passed')
  await sleep(1000)
  expect(runs()).toHaveLength(2)
})

test('`prune` deletes the recordings that a run calls unused', async () => {
  const { project, url } = await recorded()
  await project.run([], { PROVIDER_URL: url, QUESTIONS: 'a,b' })
  const countRecordings = async () => JSON.parse(await project.read('cassettes/talk.json')).recordings.length
  expect((await runCli(project.root, ['prune'])).stdout).toContain('cassettes/talk.json')
  expect(await countRecordings()).toBe(3)
  await runCli(project.root, ['prune', '--yes'])
  expect(await countRecordings()).toBe(2)
})

test('`prune` deletes orphans in a cassette folder outside of the root', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await using project = await createProject({
    'app/src/ask.ts': askApp,
    'app/two.test.ts': files['two.test.ts'],
    'app/vitest.config.ts': config("{ dir: '../shared-cassettes' }"),
    'shared-cassettes/geo/orphan.json': JSON.stringify(cassetteOf(recordingOf('Hi', 'Hello!'))),
  })
  const run = await project.run(['--root=app'], { ...key, PROVIDER_URL: provider.url })
  expect(run.output).toContain('../shared-cassettes/geo/orphan.json, which no test asked for')
  const { stdout, stderr } = await runCli(path.join(project.root, 'app'), ['prune', '--yes'])
  expect(stdout + stderr).toContain('- ../shared-cassettes/geo/orphan.json')
  expect((await project.files('shared-cassettes')).toSorted()).toEqual(['geo', 'other.json'])
})

test('`prune` deletes unused recordings in the `dir` of a single cassette', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await using project = await createProject({
    'src/ask.ts': askApp,
    'one.test.ts': files['one.test.ts'].replace("'talk'", "'talk', { dir: 'tapes' }"),
  })
  const environment = { ...key, PROVIDER_URL: provider.url }
  await project.run([], environment)
  await project.run([], { ...environment, QUESTIONS: 'a,b' })
  const { stdout, stderr } = await runCli(project.root, ['prune', '--yes'])
  expect(stdout + stderr).toContain('Deleted 1 unused recording.')
  expect(JSON.parse(await project.read('tapes/talk.json')).recordings).toHaveLength(2)
})
