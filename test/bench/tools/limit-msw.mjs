// The limit where MSW's handler is asked, without a socket.
import { http } from 'msw/http'
import { getResponse } from 'msw/utils/get-response'
import { encoded, eventsOf, streamed } from '../talk.mjs'

export default {
  static: true,
  replay(_, { chunks }, work) {
    const events = encoded(eventsOf(0, chunks))
    const handlers = [http.all('*', () => streamed(events))]
    return work({ fetch: (input, init) => getResponse(handlers, new Request(input, init)) })
  },
}
