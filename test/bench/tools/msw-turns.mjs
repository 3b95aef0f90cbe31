// Each event is sent in a turn of its own, so that the client reads it as one.
import { mswTool } from '../msw-server.mjs'
import { encoded } from '../talk.mjs'

function inTurns(chunks) {
  let next = 0
  return new ReadableStream({
    async pull(controller) {
      await new Promise(resolve => setImmediate(resolve))
      if (next === chunks.length) controller.close()
      else controller.enqueue(chunks[next++])
    },
  })
}

export default mswTool(
  events => {
    const chunks = encoded(events)
    return () => inTurns(chunks)
  },
  { 'transfer-encoding': 'chunked' },
)
