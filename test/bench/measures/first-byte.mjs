// Recording from a provider that sends an event each 50 ms: when does the app get the first? The first call of the process, and later ones.
import { mkdirSync, rmSync } from 'node:fs'
import { startServer } from '../start-server.mjs'
import { ask, clientOf } from '../talk.mjs'
import { median } from './numbers.mjs'

export default async (tool, { dir }) => {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const [server, warm] = await Promise.all([startServer(50), startServer()])
  const warmClient = await clientOf({ baseURL: warm })
  for (let count = 0; count < 20; count++) await ask(warmClient)
  const times = []
  await tool.record(dir, { server, repeat: false }, async options => {
    const client = await clientOf({ baseURL: server, ...options })
    for (let number = 0; number < 4; number++) times.push(await firstByte(client, number))
  })
  return { firstMs: times[0], laterMs: median(times.slice(1)) }
}

async function firstByte(client, number) {
  const content = `Question ${String(number).padStart(7, '0')}: What is the name of the US captial?`
  const messages = [{ role: 'user', content }]
  const start = performance.now()
  let ms
  const stream = await client.chat.completions.create({ model: 'llama-3.3-70b', messages, stream: true })
  for await (const chunk of stream) if (chunk) ms ??= performance.now() - start
  return ms
}
