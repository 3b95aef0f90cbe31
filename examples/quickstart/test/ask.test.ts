import { expect, test } from 'vitest'
import { useCassette } from 'vitest-cassette'
import { ask } from '../src/ask.ts'

test('names the capital', async () => {
  const cassette = useCassette('capital-question')

  expect(await ask('What is the name of the US captial?')).toContain('Washington')
  expect(cassette.calls).toHaveLength(1)
})
