// The limit for a large cassette: to read its file, and to parse it.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { clientOf, ask } from '../talk.mjs'
import limit from '../tools/limit.mjs'
import { memory, timesOf } from './numbers.mjs'

export default async (_, { dir }) => {
  await limit.replay('', {}, async options => {
    const client = await clientOf(options)
    await timesOf(30, () => ask(client))
  })
  const file = path.join(dir, readdirSync(dir)[0])
  const before = memory()
  const start = performance.now()
  const text = readFileSync(file, 'utf8')
  const read = performance.now() - start
  const value = JSON.parse(text)
  const ms = performance.now() - start
  return {
    ms,
    read,
    parse: ms - read,
    megabytes: memory() - before,
    fileMegabytes: statSync(file).size / 2 ** 20,
    kept: Object.keys(value).length,
  }
}
