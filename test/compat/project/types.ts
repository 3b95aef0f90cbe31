import {
  useCassette,
  CassetteError,
  test,
  type Call,
  type Cassette,
  type CassetteOptions,
} from 'vitest-cassette'
import { withCassette } from 'vitest-cassette/node'
import { cassettes } from 'vitest-cassette/plugin'
import { defineConfig } from 'vitest/config'

// Compiled, never run: what a user's editor sees.
const options: CassetteOptions = { mode: 'replay', match: { dates: true, replace: [[/a/g, 'b']] } }
export const config = defineConfig({ plugins: [cassettes({ dir: 'fixtures', unused: 'fail' })] })
export function open(): Cassette {
  return useCassette('x', options)
}
export const answer: Promise<number> = withCassette('x', cassette => cassette.calls.length)
export const first = (cassette: Cassette): Call | undefined => cassette.calls[0]
export const isMiss = (error: unknown): boolean => error instanceof CassetteError && error.code === 'miss'
// @ts-expect-error an unknown mode
useCassette('x', { mode: 'rekord' })
test('typed', ({ cassette }) => void cassette.calls)
