// Records what the other measures replay, with the tool's own recorder.
import { ask, clientOf, provider } from '../talk.mjs'

export default async (tool, { dir, calls = 1, copies = 1, size = 0, chunks }) => {
  provider.count = chunks
  globalThis.fetch = provider
  await tool.record(dir, { repeat: calls === 1, chunks }, async options => {
    const client = await clientOf(options)
    for (let copy = 0; copy < (tool.once ? copies : 1); copy++)
      for (let number = 0; number < calls; number++) await ask(client, number, { size, check: !tool.lossy })
  })
  return {}
}
