// Four prompts of `size` characters, again and again; and what the first of them took.
import { ask, clientOf } from '../talk.mjs'
import { median, timesOf } from './numbers.mjs'

export default (tool, { dir, size, calls }) =>
  tool.replay(dir, { repeat: true }, async options => {
    const client = await clientOf(options)
    const check = !tool.static && !tool.lossy
    // The prompts are made, and the SDK is warm.
    for (let number = 0; number < 4; number++) await ask(client, number, { size, check })
    const times = await timesOf(calls, index => ask(client, index % 4, { size, check }))
    return { ms: median(times.slice(4)) }
  })
