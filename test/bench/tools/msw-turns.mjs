// MSW where each event is sent in a turn of its own, so that the client reads it as one.
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { baseURL, encoded, eventsOf, headers } from '../talk.mjs'

function inTurns(events) {
  let next = 0
  return new ReadableStream({
    async pull(controller) {
      await new Promise(resolve => setImmediate(resolve))
      if (next === events.length) controller.close()
      else controller.enqueue(events[next++])
    },
  })
}

export default {
  static: true,
  async replay(_, { chunks }, work) {
    const events = encoded(eventsOf(0, chunks))
    const framed = { ...headers, 'transfer-encoding': 'chunked' }
    const server = setupServer(
      http.post(`${baseURL}/chat/completions`, () => new HttpResponse(inTurns(events), { headers: framed })),
    )
    server.listen({ onUnhandledFrame: 'bypass' })
    const result = await work({})
    server.close()
    return result
  },
}
