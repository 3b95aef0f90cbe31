import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { baseURL, eventsOf, headers } from '../talk.mjs'

export default {
  static: true,
  async replay(_, { chunks }, work) {
    const text = eventsOf(0, chunks).join('')
    const server = setupServer(
      http.post(`${baseURL}/chat/completions`, () => new HttpResponse(text, { headers })),
    )
    server.listen({ onUnhandledFrame: 'bypass' })
    const result = await work({})
    server.close()
    return result
  },
}
