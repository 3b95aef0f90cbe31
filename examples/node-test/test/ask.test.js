import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withCassette } from 'vitest-cassette/node'
import { ask } from '../src/ask.js'

test('knows Latin', async () => {
  await withCassette('sun', async cassette => {
    assert.match(await ask("What's the name of the Sun in latin?"), /Sol/)
    assert.equal(cassette.calls.length, 1)
  })
})
