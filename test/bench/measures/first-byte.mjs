// Recording from a provider that sends an event each 50 ms: when does the app get the first? The first call of the process,
// and later ones. The SDK and the connection are warm, as where the goal comes from.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { startProfile } from '../cpu-profile.mjs'
import { startServer } from '../start-server.mjs'
import { ask, clientOf, eventsOf, headers } from '../talk.mjs'
import { median } from './numbers.mjs'

export default async (tool, { dir, profile }) => {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const server = await startServer(50)
  const warm = await clientOf({ fetch: async () => new Response(eventsOf(0).join(''), { headers }) })
  for (let count = 0; count < 10; count++) await ask(warm)
  for (let count = 0; count < 3; count++) await (await fetch(server)).text()
  const times = []
  await tool.record(dir, { server, repeat: false }, async options => {
    const client = await clientOf({ baseURL: server, ...options })
    const end = profile && startProfile()
    // The profiler looks at all the code that is there first.
    if (profile) await setTimeout(100)
    const save = () => writeFileSync(path.join(profile, `${process.pid}.cpuprofile`), JSON.stringify(end()))
    times.push(await firstByte(client, 0, profile && save))
    for (let number = 1; number < 4; number++) times.push(await firstByte(client, number))
  })
  return { firstMs: times[0], laterMs: median(times.slice(1)) }
}

async function firstByte(client, number, then) {
  const content = `Question ${String(number).padStart(7, '0')}: What is the name of the US captial?`
  const messages = [{ role: 'user', content }]
  const start = performance.now()
  let ms
  const stream = await client.chat.completions.create({ model: 'llama-3.3-70b', messages, stream: true })
  for await (const chunk of stream) {
    if (!chunk || ms !== undefined) continue
    ms = performance.now() - start
    then?.()
  }
  return ms
}
