// MSW 3 with one static handler, as a tool.
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { baseURL, eventsOf, headers } from './talk.mjs'

/** @param prepare gets the events, as text, and returns what makes the body of each response */
export function mswTool(prepare, moreHeaders = {}) {
  return {
    static: true,
    async replay(_, { chunks }, work) {
      const body = prepare(eventsOf(0, chunks))
      const init = { headers: { ...headers, ...moreHeaders } }
      const server = setupServer(
        http.post(`${baseURL}/chat/completions`, () => new HttpResponse(body(), init)),
      )
      server.listen({ onUnhandledFrame: 'bypass' })
      const result = await work({})
      server.close()
      return result
    },
  }
}
