import { expect, test } from 'vitest'
import { useCassette } from 'vitest-cassette'
import { ask } from '../src/ask.ts'

test('answers in a stream', async () => {
  const cassette = useCassette('ask')

  const pieces = await Array.fromAsync(ask('What is the capital of France?'))

  expect(pieces.join('')).toContain('Paris')
  expect(pieces.length).toBeGreaterThan(1)
  expect(cassette.calls).toHaveLength(1)
})
