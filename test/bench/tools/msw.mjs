import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { eventsOf, headers } from '../talk.mjs'

export default {
  name: 'MSW 3, one handler with the answer in it',
  static: true,
  async replay(_, { chunks }, work) {
    const text = eventsOf(0, chunks).join('')
    const framed = { ...headers, 'transfer-encoding': 'chunked' }
    const server = setupServer(
      http.post('*/chat/completions', () => new HttpResponse(text, { headers: framed })),
    )
    server.listen()
    try {
      return await work({})
    } finally {
      server.close()
    }
  },
}
