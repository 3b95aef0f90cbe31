// What it costs that an MSW handler is asked: the limit for everybody who does so.
import { getResponse, http } from 'msw'
import { eventsOf, headers } from '../talk.mjs'

export default {
  name: 'hand-stubbed `fetch` that asks an MSW handler',
  static: true,
  replay(_, { chunks }, work) {
    const text = eventsOf(0, chunks).join('')
    const handlers = [http.all('*', () => new Response(text, { headers }))]
    return work({ fetch: (input, init) => getResponse(handlers, new Request(input, init)) })
  },
}
