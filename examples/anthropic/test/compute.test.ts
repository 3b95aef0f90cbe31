import { expect, test } from 'vitest'
import { useCassette } from 'vitest-cassette'
import { compute } from '../src/compute.ts'

test('shows the result piece by piece', async () => {
  useCassette('compute')
  const pieces: string[] = []

  await compute('65465-6544 * 65464-6+1.02255', text => pieces.push(text))

  expect(pieces.length).toBeGreaterThan(5)
  expect(pieces.join('')).toContain('-428,330,955.97745')
})
