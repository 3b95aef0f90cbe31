// The limit where the answer comes as one chunk an event.
import { encoded, eventsOf, streamed } from '../talk.mjs'

export default {
  static: true,
  replay(_, { chunks }, work) {
    const events = encoded(eventsOf(0, chunks))
    return work({ fetch: async () => streamed(events) })
  },
}
