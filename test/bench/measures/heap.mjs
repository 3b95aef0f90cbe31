// 10,000 replays in one process, 100 in each of 100 cassettes: as long as one is open it keeps its calls.
import { ask, clientOf } from '../talk.mjs'

function heap() {
  globalThis.gc()
  return process.memoryUsage().heapUsed / 2 ** 20
}

export default async (tool, { dir, scopes = 100, calls = 100 }) => {
  const replay = () =>
    tool.replay(dir, { repeat: true }, async options => {
      const client = await clientOf(options)
      for (let count = 0; count < calls; count++) await ask(client, 0, { check: !tool.static })
    })
  for (let count = 0; count < 10; count++) await replay()
  const before = heap()
  for (let count = 0; count < scopes; count++) await replay()
  await new Promise(resolve => setTimeout(resolve, 50))
  return { megabytes: heap() - before }
}
