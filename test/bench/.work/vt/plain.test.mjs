import { expect, test } from 'vitest'
import { clientOf, ask, eventsOf, headers } from '../../talk.mjs'
test('asks', async () => {
  const text = eventsOf(0).join('')
  expect(await ask(await clientOf({ fetch: async () => new Response(text, { headers }) }))).toBe(22)
})
