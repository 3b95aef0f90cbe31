// A folder cassette of `files` recordings: a test that replays one call, and one that records one.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { withCassette } from 'vitest-cassette/node'
import { ask, clientOf, provider } from '../talk.mjs'
import { median, timesOf } from './numbers.mjs'

export default async (_, { dir, files }) => {
  const folder = path.join(dir, 'talk')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (let number = 0; number < files; number++) {
    const content = `Other ${number}`
    const url = 'https://api.cerebras.ai/v1/chat/completions'
    const request = { method: 'POST', url, body: { messages: [{ role: 'user', content }] } }
    const recording = { request, response: { status: 200, body: {} } }
    writeFileSync(path.join(folder, `${number}.json`), JSON.stringify(recording))
  }
  globalThis.fetch = provider
  const inCassette = (mode, work) => withCassette('talk', work, { dir, mode })
  const client = await inCassette('auto', async () => {
    const made = await clientOf()
    await ask(made, 0)
    return made
  })
  const recordTest = index => inCassette('auto', () => ask(client, index + 1))
  let replayed
  await inCassette('auto', async () => {
    for (let number = 0; number < 40; number++) await ask(client, number + 100)
  })
  await inCassette('replay', async () => {
    replayed = median(await timesOf(40, index => ask(client, index + 100)))
  })
  return {
    ms: replayed,
    replayTestMs: median(await timesOf(20, () => inCassette('replay', () => ask(client, 0)))),
    recordTestMs: median(await timesOf(20, recordTest)),
  }
}
