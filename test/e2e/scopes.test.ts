import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askApp, configOfWays, createProject, pools, type Project } from '../support/project.ts'
import { completeWith, startProvider, type Provider } from '../support/provider.ts'

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

test('concurrent tests, retries and suites have their own cassettes, however test files run', async () => {
  const oneWorker = { isolate: false, maxWorkers: 1 }
  const ways = {
    ...pools,
    'forks without isolation': { pool: 'forks', ...oneWorker },
    'threads without isolation, shuffled': { pool: 'threads', ...oneWorker, sequence: { shuffle: true } },
  }
  await using project = await createProject({ ...files, 'vitest.config.ts': configOfWays(ways) })
  const run = await project.run([], replaying)

  expect(run.errors).toEqual({})
  expect(run.output).toMatch(/Tests +150 passed \(150\)/)
  expect(run.exitCode).toBe(0)
})

test('a run with -t opens the cassettes of the tests that run, and of no others', async () => {
  const broken = { 'cassettes/3.json': '{', 'cassettes/shared.json': '{', 'cassettes/11.json': '{' }
  await using project = await createProject({ ...files, ...broken })
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

describe('where a test asks other questions than when it was recorded', () => {
  /** What tests ask in their second run, after `a`, `b` and `c` in their first. Each has a cassette of its name. */
  const second = {
    less: { asks: ['a'] },
    failing: { asks: ['a', 'd'], fails: true },
    passing: { asks: ['a', 'd'] },
    'record failing': { asks: ['x'], mode: 'record', fails: true },
    'record passing': { asks: ['a', 'x'], mode: 'record' },
    live: { asks: ['a'], mode: 'live' },
  }
  type Name = keyof typeof second
  let project: Project
  let provider: Provider
  let partial: string[]
  beforeAll(async () => {
    provider = await startProvider(completeWith(body => `answer to ${body.length}`))
    project = await createProject({
      'src/ask.ts': askApp,
      'talk.test.ts': `
        import { describe, test } from 'vitest'
        import { useCassette } from 'vitest-cassette'
        import { ask } from './src/ask.ts'
        describe.for(Object.entries(${JSON.stringify(second)}))('%s', ([name, then]) => {
          const { asks, fails, mode = 'auto' } = process.env.SECOND ? then : { asks: ['a', 'b', 'c'] }
          test('talks', async () => {
            useCassette(name, { mode })
            for (const question of asks) await ask(name + ' ' + question)
            if (fails) throw new Error('fails')
          })
          test('other', async () => {
            useCassette(name)
            await ask(name + ' other')
          })
        })
      `,
    })
    const environment = { ...key, PROVIDER_URL: provider.url }
    await project.run([], environment)
    await project.run(['-t', 'other'], { ...environment, SECOND: '1' })
    partial = await asked('passing')
    await project.run([], { ...environment, SECOND: '1' })
  })
  afterAll(async () => {
    await provider.stop()
    await project[Symbol.asyncDispose]()
  })

  /** The questions that the cassette of this name holds. */
  async function asked(name: Name): Promise<string[]> {
    const { recordings } = JSON.parse(await project.read(`cassettes/${name}.json`))
    return recordings.map((recording: { request: { body: { messages: { content: string }[] } } }) =>
      recording.request.body.messages[0]!.content.slice(name.length + 1),
    )
  }
  const sent = (question: string) => provider.requests.filter(body => body.includes(`"${question}"`)).length

  test('recordings that it no longer asks for stay as long as it records nothing new', async () => {
    expect(await asked('less')).toEqual(['a', 'b', 'c', 'other'])
    expect(sent('less a')).toBe(1)
  })

  test('recordings that it no longer asks for stay where it fails, and new ones are added', async () => {
    expect(await asked('failing')).toEqual(['a', 'b', 'c', 'other', 'd'])
  })

  test('recordings that it no longer asks for go once it passes and has recorded something new', async () => {
    expect(await asked('passing')).toEqual(['a', 'd', 'other'])
  })

  test('a run of other tests drops none of its recordings', () => {
    expect(partial).toEqual(['a', 'b', 'c', 'other'])
  })

  test('mode record keeps everything where it fails', async () => {
    expect(await asked('record failing')).toEqual(['a', 'b', 'c', 'other'])
    expect(sent('record failing x')).toBe(1)
  })

  test('mode record replaces its own recordings, and no others, once it passes', async () => {
    expect(await asked('record passing')).toEqual(['a', 'x', 'other'])
    expect(sent('record passing a')).toBe(2)
  })

  test('mode live asks the provider and writes nothing', async () => {
    expect(await asked('live')).toEqual(['a', 'b', 'c', 'other'])
    expect(sent('live a')).toBe(2)
  })
})

test('the `test` of the package brings its own cassette, named after file and test', async () => {
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
