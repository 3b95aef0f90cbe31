// A call in a cassette of `calls` recordings, each answered for the first time, in turns with one in a cassette of one.
import { AsyncLocalStorage } from 'node:async_hooks'
import { ask, clientOf } from '../talk.mjs'
import { difference, inTurns, median } from './numbers.mjs'

export default (tool, { dir, one, calls }) =>
  tool.replay(one, { repeat: true }, async () => {
    const client = await clientOf()
    const inCassetteOfOne = AsyncLocalStorage.snapshot()
    return tool.replay(dir, {}, async () => {
      const times = await inTurns(400, 100, [
        round => ask(client, (round * 7919) % calls),
        () => inCassetteOfOne(() => ask(client)),
      ])
      return { ms: median(times[0]), overOne: difference(...times) }
    })
  })
