import { expect, test } from 'vitest'
import { askApp, createProject } from '../support/project.ts'

test('a test that misses in two cassettes fails once, and each miss is explained', async () => {
  await using project = await createProject({
    'src/ask.ts': askApp,
    'trip.test.ts': `
      import { test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      import { ask } from './src/ask.ts'
      test('plans a trip', async () => {
        useCassette('weather')
        await ask('Does it rain?').catch(() => '')
        useCassette('trains')
        await ask('When does it leave?').catch(() => '')
      })
    `,
  })
  const run = await project.run([], { CASSETTE_MODE: 'replay' })
  expect(run.tests).toEqual({ 'plans a trip': 'failed' })
  const [weather, trains, ...others] = run.errors['plans a trip']!.split(
    'No recording answers this LLM call.\n',
  ).slice(1)
  expect(others).toEqual([])
  expect(weather).toMatch(/test +plans a trip\n +cassette +cassettes\/weather\.json\n[^]*Does it rain\?/)
  expect(trains).toMatch(/test +plans a trip\n +cassette +cassettes\/trains\.json\n[^]*When does it leave\?/)
})
