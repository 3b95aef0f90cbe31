import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { baseURL, encoded, eventsOf, headers, streamed } from '../talk.mjs'

export default {
  static: true,
  async replay(_, { chunks }, work) {
    const events = encoded(eventsOf(0, chunks))
    const server = setupServer(
      http.post(`${baseURL}/chat/completions`, () => new HttpResponse(streamed(events).body, { headers })),
    )
    server.listen({ onUnhandledFrame: 'bypass' })
    const result = await work({})
    server.close()
    return result
  },
}
