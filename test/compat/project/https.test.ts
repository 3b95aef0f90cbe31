import { get } from 'node:https'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

// A file of its own, without a cassette: the first connection of its worker goes to a server that is no LLM.
test('a first connection over TLS', async () => {
  const answer = await new Promise<string>((resolve, reject) => {
    get(process.env.COMPAT_HTTPS_URL!, response => void text(response).then(resolve, reject)).on(
      'error',
      reject,
    )
  })
  expect(answer).toBe('no LLM')
})
