import { mswTool } from '../msw-server.mjs'

export default mswTool(events => {
  const text = events.join('')
  return () => text
})
