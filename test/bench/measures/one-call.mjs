// The same call again and again, first one at a time, then 50 at once.
import { ask, clientOf } from '../talk.mjs'
import { median, timesOf } from './numbers.mjs'

export default (tool, { dir, calls = 500, atOnce = 50 }) =>
  tool.replay(dir, { repeat: true }, async options => {
    const client = await clientOf(options)
    const call = () => ask(client, 0, { check: !tool.static && !tool.lossy })
    await timesOf(100, call)
    const times = await timesOf(calls, call)
    let left = calls
    const start = performance.now()
    const worker = async () => {
      while (left-- > 0) await call()
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    return { ms: median(times), perSecond: (calls / (performance.now() - start)) * 1000 }
  })
