import { expect, test } from 'vitest'
import { clientOf, ask, eventsOf, headers } from '../../talk.mjs'
test('asks', async () => {
  const text = eventsOf(0).join('')
  const client=await clientOf({ fetch: async () => new Response(text, { headers }) })
  const b=performance.now()
  expect(await ask(client)).toBe(22)
  const c=performance.now()
  console.log('ask',c-b)
})
