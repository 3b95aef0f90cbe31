// The same call again and again, first one at a time, then 50 at once, in turns with the limit's.
import limit from '../tools/limit.mjs'
import { ask, clientOf } from '../talk.mjs'
import { inTurns, median, ratio } from './numbers.mjs'

const [oneByOne, atOnce] = [10, 100]

export default (tool, { dir }) =>
  limit.replay('', {}, async stub =>
    tool.replay(dir, { repeat: true }, async options => {
      const calls = [
        caller(await clientOf(options), !tool.static && !tool.lossy),
        caller(await clientOf(stub), false),
      ]
      const single = await inTurns(
        50,
        10,
        calls.map(call => () => run(oneByOne, 1, call)),
      )
      const many = await inTurns(
        16,
        2,
        calls.map(call => () => run(atOnce, 50, call)),
      )
      return {
        ms: median(single[0]) / oneByOne,
        timesLimit: ratio(...single),
        atOnceTimesLimit: 1 / ratio(...many),
      }
    }),
  )

const caller = (client, check) => () => ask(client, 0, { check })

/** Makes `count` calls, so many at a time. */
async function run(count, workers, call) {
  let left = count
  const worker = async () => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: workers }, worker))
}
