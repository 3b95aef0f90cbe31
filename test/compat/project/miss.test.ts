import { test } from 'vitest'
import { useCassette } from 'vitest-cassette'
import { ask } from './src/ask.ts'

test('miss', async () => {
  useCassette('capital-question', { mode: 'replay' })
  await ask('Something else?').catch(() => undefined)
})
