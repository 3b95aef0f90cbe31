// Prompts of `size` characters, in turns with the limit's: four again and again, or another one each time.
import limit from '../tools/limit.mjs'
import { ask, clientOf } from '../talk.mjs'
import { difference, inTurns, median, timesOf } from './numbers.mjs'

/** @param warm a cassette to warm up with, where there are few prompts: what runs for the first time is not theirs */
export default async (tool, { dir, warm, size, calls, prompts = 4, warmUp = 4 }) => {
  if (warm)
    await tool.replay(warm, { repeat: true }, async options => {
      const client = await clientOf(options)
      await timesOf(200, () => ask(client))
    })
  return limit.replay('', {}, async stub =>
    tool.replay(dir, { repeat: true }, async options => {
      const check = !tool.static && !tool.lossy
      const [client, other] = [await clientOf(options), await clientOf(stub)]
      const times = await inTurns(calls, warmUp, [
        round => ask(client, round % prompts, { size, check }),
        round => ask(other, round % prompts, { size, check: false }),
      ])
      return { ms: median(times[0]), overLimit: difference(...times) }
    }),
  )
}
