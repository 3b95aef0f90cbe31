// A cassette of `calls` recordings: to load it and answer a first call, further calls, and one that nothing answers.
import { ask, clientOf } from '../talk.mjs'
import limit from '../tools/limit.mjs'
import { median, memory, timesOf } from './numbers.mjs'

export default async (tool, { dir, warm, calls, asked = 200 }) => {
  // What it costs to use the SDK first is not the tool's, and what it costs to load the tool is measured as such.
  await limit.replay('', {}, async options => {
    const client = await clientOf(options)
    await timesOf(30, () => ask(client))
  })
  if (warm) await tool.replay(warm, { repeat: true }, async options => ask(await clientOf(options)))
  const before = memory()
  const start = performance.now()
  const result = {}
  const replay = tool.replay(dir, { repeat: false }, async options => {
    const client = await clientOf(options)
    const number = index => (index * 7919) % calls
    const check = !tool.static && !tool.lossy
    await ask(client, number(1), { check })
    result.firstMs = performance.now() - start
    result.ms = median(await timesOf(asked, index => ask(client, number(index + 2), { check })))
    result.megabytes = memory() - before
    const missing = async () => {
      await ask(client, 9_999_999, { check: false }).catch(() => undefined)
    }
    if (!tool.static) [result.missMs] = await timesOf(1, missing)
  })
  await replay.catch(() => undefined)
  return result
}
