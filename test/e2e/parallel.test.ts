import { expect, test } from 'vitest'
import { createProject } from '../support/project.ts'
import { completeWith, startProvider } from '../support/provider.ts'

test('six files in parallel workers of two Vitest processes record into one cassette, and nothing is lost', async () => {
  await using provider = await startProvider(completeWith(body => `answer to ${body}`))
  const file = (number: number) => `
    import { test } from 'vitest'
    import { useCassette } from 'vitest-cassette'
    // An SDK in each of the workers would take longer to load than all of them to record.
    const ask = content => fetch(process.env.PROVIDER_URL + '/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ model: 'test-model', messages: [{ role: 'user', content }] }),
    })
    for (let count = 0; count < 12; count++)
      test.concurrent(process.env.RUN + ' ${number} ' + count, async () => {
        useCassette('everything')
        await (await ask(process.env.RUN + ' ${number} ' + count)).text()
      })
  `
  const files = Object.fromEntries([1, 2, 3, 4, 5, 6].map(number => [`${number}.test.ts`, file(number)]))
  await using project = await createProject(files)
  const run = (RUN: string) =>
    // Twelve workers that wait for one lock take their time on a machine with few cores.
    project.run(['--maxWorkers=6', '--testTimeout=60000', '--hookTimeout=60000'], {
      PROVIDER_URL: provider.url,
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
