import { expect, test } from 'vitest'
import { askApp, createProject } from '../support/project.ts'
import { completeWith, startProvider } from '../support/provider.ts'

const key = { OPENAI_API_KEY: 'sk-test-1234567890' }

/** One cassette per number, each of which answers the same question with its number. */
const cassetteSaying = (answers: string[], test?: string) =>
  JSON.stringify({
    version: 1,
    recordings: answers.map(content => ({
      ...(test === undefined ? {} : { test }),
      request: {
        method: 'POST',
        url: 'http://provider.test/v1/chat/completions',
        headers: {},
        body: { model: 'test-model', messages: [{ role: 'user', content: 'Who are you?' }] },
      },
      response: { status: 200, body: { choices: [{ index: 0, message: { role: 'assistant', content } }] } },
    })),
  })

const numbers = Array.from({ length: 20 }, (_, index) => String(index))
const files = {
  'src/ask.ts': askApp,
  ...Object.fromEntries(numbers.map(number => [`cassettes/${number}.json`, cassetteSaying([number])])),
  'cassettes/retry.json': cassetteSaying(['first', 'second']),
  'cassettes/shared.json': cassetteSaying(['one', 'two', 'three', 'four']),
  'concurrent.test.ts': `
    import { describe, expect, test } from 'vitest'
    import { useCassette } from 'vitest-cassette'
    import { ask } from './src/ask.ts'

    for (let number = 0; number < 20; number++)
      test.concurrent('concurrent ' + number, async ({ expect }) => {
        const cassette = useCassette(String(number))
        await new Promise(resolve => setTimeout(resolve, Math.random() * 30))
        expect(await ask('Who are you?')).toBe(String(number))
        expect(cassette.calls).toHaveLength(1)
      })
    test.each([3, 4, 5])('each %i', async number => {
      useCassette(String(number))
      expect(await ask('Who are you?')).toBe(String(number))
    })
  `,
  'lifecycle.test.ts': `
    import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
    import { useCassette } from 'vitest-cassette'
    import { ask } from './src/ask.ts'

    let attempts = 0
    test('retry starts again', { retry: 2 }, async () => {
      useCassette('retry')
      expect(await ask('Who are you?')).toBe('first')
      expect(await ask('Who are you?')).toBe('second')
      if (attempts++ < 2) throw new Error('not yet')
    })

    test('repeats start again', { repeats: 2 }, async () => {
      useCassette('retry')
      expect(await ask('Who are you?')).toBe('first')
    })

    describe('a describe', () => {
      const cassette = useCassette('shared')
      let built = ''
      beforeAll(async () => {
        built = await ask('Who are you?')
      })
      test('is covered in its hooks', async () => {
        expect(built).toBe('one')
        expect(cassette.calls).toEqual([])
      })
      test('is covered in its tests, each from the start', async () => {
        expect(await ask('Who are you?')).toBe('one')
        expect(await ask('Who are you?')).toBe('two')
        expect(cassette.calls).toHaveLength(2)
        expect(cassette.name).toBe('shared')
      })
      test('gives way to a cassette inside', async () => {
        useCassette('7')
        expect(await ask('Who are you?')).toBe('7')
        expect(cassette.calls).toEqual([])
      })
    })

    describe('in a beforeEach', () => {
      beforeEach(() => void useCassette('9'))
      test('it covers the test', async () => {
        expect(await ask('Who are you?')).toBe('9')
      })
    })
  `,
  'whole-file.test.ts': `
    import { expect, test } from 'vitest'
    import { useCassette } from 'vitest-cassette'
    import { ask } from './src/ask.ts'

    useCassette('11')
    test('at the top of a file', async () => {
      expect(await ask('Who are you?')).toBe('11')
    })
  `,
}
const replaying = { CI: 'true', PROVIDER_URL: 'http://provider.test/v1' }

test.for([
  ['forks', '--pool=forks'],
  ['threads', '--pool=threads'],
  ['vmThreads', '--pool=vmThreads'],
  ['forks without isolation', '--pool=forks', '--no-isolate', '--maxWorkers=1'],
  [
    'threads without isolation, shuffled',
    '--pool=threads',
    '--no-isolate',
    '--maxWorkers=1',
    '--sequence.shuffle',
  ],
])('concurrent tests, retries and suites in %s', async ([, ...args]) => {
  await using project = await createProject(files)
  const run = await project.run(args, replaying)

  expect(run.errors).toEqual({})
  expect(Object.keys(run.tests)).toHaveLength(30)
  expect(run.exitCode).toBe(0)
})

test('with -t only the tests that run ask their cassettes, and nothing is dropped', async () => {
  await using project = await createProject(files)
  const run = await project.run(['-t', 'each 4'], replaying)

  expect(Object.values(run.tests).filter(outcome => outcome === 'passed')).toHaveLength(1)
  expect(run.exitCode).toBe(0)
})

test('tests that share a cassette record and replay their own answers, in any order', async () => {
  let answer = 0
  await using provider = await startProvider(completeWith(() => `answer ${answer++}`))
  await using project = await createProject({
    'src/ask.ts': askApp,
    'shared.test.ts': `
      import { beforeAll, describe, expect, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      import { ask } from './src/ask.ts'

      describe('talk', () => {
        useCassette('talk')
        beforeAll(() => ask('Who are you?'))
        test.each([1, 2, 3])('same name', async () => {
          console.log('ANSWER', await ask('Who are you?'), await ask('Who are you?'))
        })
      })
    `,
  })
  const answers = (output: string) => output.match(/ANSWER .*/g)?.toSorted()
  const first = await project.run([], { ...key, PROVIDER_URL: provider.url })
  expect(first.errors).toEqual({})
  const { recordings } = JSON.parse(await project.read('cassettes/talk.json'))
  expect(recordings.map((recording: { test?: string }) => recording.test)).toEqual([
    ...Array(2).fill('talk > same name'),
    ...Array(2).fill('talk > same name #2'),
    ...Array(2).fill('talk > same name #3'),
    undefined,
  ])
  await provider.stop()
  const replay = await project.run(['--sequence.shuffle'], { ...replaying, PROVIDER_URL: provider.url })
  expect(replay.errors).toEqual({})
  expect(answers(replay.output)).toEqual(answers(first.output))
})

test('a test that asks less than before drops what it no longer asks, once it records something new', async () => {
  await using provider = await startProvider(completeWith(body => `answer to ${body.length}`))
  await using project = await createProject({
    'src/ask.ts': askApp,
    'talk.test.ts': `
      import { expect, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      import { ask } from './src/ask.ts'
      test('talks', async () => {
        useCassette('talk')
        for (const question of process.env.QUESTIONS!.split(',')) await ask(question)
        if (process.env.FAIL) throw new Error('fails')
      })
      test('another', async () => {
        useCassette('talk')
        await ask('other')
      })
    `,
  })
  const questions = async () =>
    JSON.parse(await project.read('cassettes/talk.json'))
      .recordings.filter((recording: { test: string }) => recording.test === 'talks')
      .map(
        (recording: { request: { body: { messages: { content: string }[] } } }) =>
          recording.request.body.messages[0]!.content,
      )
  const run = (QUESTIONS: string, more = {}, args: string[] = []) =>
    project.run(args, { ...key, PROVIDER_URL: provider.url, QUESTIONS, ...more })

  await run('a,b,c')
  expect(await questions()).toEqual(['a', 'b', 'c'])
  await run('a')
  expect(await questions()).toEqual(['a', 'b', 'c'])
  await run('a,d', { FAIL: '1' })
  expect(await questions()).toEqual(['a', 'b', 'c', 'd'])
  await run('a,e', {}, ['-t', 'another'])
  expect(await questions()).toEqual(['a', 'b', 'c', 'd'])
  await run('a,e')
  expect(await questions()).toEqual(['a', 'e'])

  await run('x', { CASSETTE_MODE: 'record', FAIL: '1' })
  expect(await questions()).toEqual(['a', 'e'])
  await run('a,x', { CASSETTE_MODE: 'record' })
  expect(await questions()).toEqual(['a', 'x'])
  const sent = provider.requests.length
  await run('a', { CASSETTE_MODE: 'live' })
  expect(provider.requests.length).toBe(sent + 2)
  expect(await questions()).toEqual(['a', 'x'])
})

test('the test of the package brings its own cassette, named after file and test', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await using project = await createProject({
    'src/ask.ts': askApp,
    'own.test.ts': `
      import { describe, expect } from 'vitest'
      import { test, useCassette } from 'vitest-cassette'
      import { ask } from './src/ask.ts'
      describe('greeting', () => {
        test('says: hello?', async ({ cassette }) => {
          await ask('Hi')
          expect(cassette.calls).toHaveLength(1)
        })
        test('names itself', async () => {
          expect(useCassette().name).toBe('own.test.ts/greeting - names itself')
          await ask('Hi')
        })
      })
    `,
  })
  const run = await project.run([], { ...key, PROVIDER_URL: provider.url })
  expect(run.errors).toEqual({})
  expect((await project.files('cassettes')).toSorted()).toEqual([
    'own.test.ts',
    'own.test.ts/greeting - names itself.json',
    'own.test.ts/greeting - says - hello.json',
  ])
})
