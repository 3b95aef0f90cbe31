// A stream of 5,000 chunks.
import { ask, clientOf } from '../talk.mjs'
import { median, timesOf } from './numbers.mjs'

export default (tool, { dir, chunks, sdk, calls = 12 }) =>
  tool.replay(dir, { repeat: true, chunks }, async options => {
    const client = await clientOf(options, sdk)
    let delivered = 0
    const call = async () => {
      delivered = await ask(client, 0, { check: !tool.static && !tool.lossy })
    }
    // V8 compiles what reads the stream while the first ones come, whoever makes it.
    await timesOf(6, call)
    return { ms: median(await timesOf(calls, call)), delivered }
  })
