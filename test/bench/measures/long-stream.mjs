// A stream of 5,000 chunks, in turns with a stub that gives chunk by chunk.
import limit from '../tools/limit-chunks.mjs'
import { ask, clientOf } from '../talk.mjs'
import { inTurns, median, ratio } from './numbers.mjs'

export default (tool, { dir, chunks, sdk, calls = 10 }) =>
  limit.replay('', { chunks }, async stub =>
    tool.replay(dir, { repeat: true, chunks }, async options => {
      const [client, other] = [await clientOf(options, sdk), await clientOf(stub, sdk)]
      let delivered = 0
      const times = await inTurns(calls, 2, [
        async () => {
          delivered = await ask(client, 0, { check: !tool.static && !tool.lossy })
        },
        () => ask(other, 0, { check: false }),
      ])
      return { ms: median(times[0]), timesLimit: ratio(...times), delivered }
    }),
  )
