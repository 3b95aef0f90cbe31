// Records what the other measures replay, with the tool's own recorder.
import { mkdirSync } from 'node:fs'
import { startServer } from '../start-server.mjs'
import { ask, clientOf, provider } from '../talk.mjs'

export default async (tool, { dir, calls = 1, copies = 1, size = 0, chunks }) => {
  mkdirSync(dir, { recursive: true })
  provider.count = chunks
  const server = tool.needsServer ? await startServer() : undefined
  if (!server) globalThis.fetch = provider
  await tool.record(dir, { repeat: calls === 1, server }, async options => {
    const client = await clientOf(options)
    for (let copy = 0; copy < (tool.once ? copies : 1); copy++)
      for (let number = 0; number < calls; number++) await ask(client, number, { size, check: !tool.lossy })
  })
  return {}
}
