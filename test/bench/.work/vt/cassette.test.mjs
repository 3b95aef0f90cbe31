import { expect, test } from 'vitest'
import { useCassette } from 'vitest-cassette'
import { clientOf, ask } from '../../talk.mjs'
test('asks', async () => {
  useCassette('talk')
  expect(await ask(await clientOf())).toBe(22)
})
