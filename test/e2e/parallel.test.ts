import { expect, test } from 'vitest'
import { askApp, createProject } from '../support/project.ts'
import { completeWith, startProvider } from '../support/provider.ts'

test('six files in parallel workers of two Vitest processes record into one cassette, and nothing is lost', async () => {
  await using provider = await startProvider(completeWith(body => `answer to ${body}`))
  const file = (number: number) => `
    import { test } from 'vitest'
    import { useCassette } from 'vitest-cassette'
    import { ask } from './src/ask.ts'
    for (let count = 0; count < 12; count++)
      test.concurrent(process.env.RUN + ' ${number} ' + count, async () => {
        useCassette('everything')
        await ask(process.env.RUN + ' ${number} ' + count)
      })
  `
  const files = Object.fromEntries([1, 2, 3, 4, 5, 6].map(number => [`${number}.test.ts`, file(number)]))
  await using project = await createProject({ 'src/ask.ts': askApp, ...files })
  const run = (RUN: string) =>
    project.run(['--maxWorkers=6'], {
      PROVIDER_URL: provider.url,
      OPENAI_API_KEY: 'sk-test-1234567890',
      RUN,
    })
  const runs = await Promise.all([run('first'), run('second')])
  for (const { exitCode, output } of runs) expect(exitCode, output).toBe(0)

  const { recordings } = JSON.parse(await project.read('cassettes/everything.json'))
  const questions = new Set(
    recordings.map((recording: { request: { body: object } }) => JSON.stringify(recording.request.body)),
  )
  expect(recordings).toHaveLength(144)
  expect(questions.size).toBe(144)
  expect(await project.files('cassettes')).toEqual(['everything.json'])
})
