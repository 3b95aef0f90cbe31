import { test as base } from 'vitest'
import type { Cassette } from '../session/call.ts'
import { useCassette } from './use-cassette.ts'

/**
 * Vitest's `test` with a fixture `cassette`: the test's own one, `<test file>/<full test name>`.
 *
 * @example
 * test('names the capital', async ({ cassette }) => {
 *   await ask('What is the name of the US captial?')
 *   expect(cassette.calls).toHaveLength(1)
 * })
 */
export const test = base.extend<{ cassette: Cassette }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads which fixtures a fixture needs from this pattern
  cassette: async ({}, use) => use(useCassette()),
})
