import type { RequestHandler } from 'msw'
import { lendHandler } from './process/calls.ts'

/**
 * The request handler that answers the LLM calls of the running test, or of `withCassette`, from its cassette: for an MSW
 * server of your own in which other handlers are to come before, `server.use()` among them. Requests without a cassette,
 * and those that are no LLM calls, it leaves to the handlers after it.
 *
 * It answers; the scopes are still opened by the plugin, `setupCassettes()` or `withCassette()`. An LLM call that the
 * server does not see (by a client that is not made of the global `fetch` or of `node:http`), or that its handlers leave,
 * is answered by the cassette all the same.
 *
 * It needs MSW 3.
 *
 * @example
 * import { setupServer } from 'msw/node'
 * import { cassetteHandlers } from 'vitest-cassette/msw'
 *
 * export const server = setupServer(...cassetteHandlers(), ...handlers)
 */
export function cassetteHandlers(): RequestHandler[] {
  return [lendHandler()]
}
