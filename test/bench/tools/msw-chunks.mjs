import { mswTool } from '../msw-server.mjs'
import { encoded, streamed } from '../talk.mjs'

export default mswTool(events => {
  const chunks = encoded(events)
  return () => streamed(chunks).body
})
