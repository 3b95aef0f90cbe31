import { readFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createRequire } from 'node:module'
import { expect } from 'vitest'
import { withCassette, type CassetteOptions } from 'vitest-cassette/node'
import { sleep, startProvider, type Reply } from '../support/provider.ts'
import type { FidelityRow } from './fidelity.ts'
import { describeError, type SdkCase } from './sdk-case.ts'

/**
 * Makes the call three times: without a cassette, recording, and replaying with the provider gone. The SDK must return
 * the same each time.
 *
 * @returns what was seen, for `docs/fidelity.md`
 */
export async function prove(given: SdkCase): Promise<FidelityRow> {
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const player = playerOf(given)
  await using provider = await startProvider(player.reply)
  const origin = new URL(provider.url).origin
  const call = () => given.run(origin).catch(describeError)
  const options: CassetteOptions = { dir, ...(given.include ? { include: given.include } : {}) }

  const live = await call()
  player.rewind()
  const recorded = await withCassette(
    'sdk',
    async cassette => ({ result: await call(), calls: cassette.calls }),
    { ...options, mode: 'auto' },
  )
  await provider.stop()
  const replayed = await withCassette(
    'sdk',
    async cassette => ({ result: await call(), calls: cassette.calls }),
    { ...options, mode: 'replay' },
  )

  expect(JSON.stringify(live)).toContain(given.shows)
  expect(recorded.result).toEqual(live)
  expect(replayed.result).toEqual(live)
  expect(recorded.calls.map(({ outcome }) => outcome)).toEqual(given.plays.map(() => 'recorded'))
  expect(replayed.calls.map(({ outcome }) => outcome)).toEqual(given.plays.map(() => 'replayed'))
  const { recordings } = JSON.parse(await readFile(path.join(dir, 'sdk.json'), 'utf8')) as Cassette
  return {
    sdk: given.sdk.map(nameAndVersion).join(' + '),
    call: given.include ? `${given.call} (\`include\`)` : given.call,
    body: [...new Set(given.plays.map(({ source }) => source))].join(', '),
    recorded: [...new Set(recordings.map(({ response }) => formOf(response)))].join(', '),
    replayed: 'equal',
  }
}

const requestIds = { 'x-request-id': 'req_1', 'request-id': 'req_1', 'x-amzn-requestid': 'req_1' }

function playerOf({ plays, stallsAfter, breaksOff }: SdkCase) {
  let next = 0
  const reply: Reply = async ({ method }, response) => {
    // Cerebras' SDK warms up its connection with a GET of its own.
    const body = method === 'GET' ? undefined : plays[next++]
    // No connection outlives its request: one from a client's pool would break when the provider stops.
    response.shouldKeepAlive = false
    if (!body) return void response.writeHead(404).end()
    response.writeHead(body.status, { 'content-type': body.type, ...requestIds, ...body.headers })
    if (stallsAfter !== undefined) return void response.write(firstEvents(body.bytes, stallsAfter))
    if (!breaksOff) return void response.end(body.bytes)
    response.write(body.bytes)
    // So that all of it has left before the connection breaks.
    await sleep(20)
    response.destroy()
  }
  return { reply, rewind: () => (next = 0) }
}

const firstEvents = (bytes: Uint8Array, count: number) =>
  Buffer.from(bytes)
    .toString()
    .split(/(?<=\n\n)/)
    .slice(0, count)
    .join('')

interface Cassette {
  recordings: { response: Response }[]
}
interface Response {
  status: number
  is_streaming: boolean
  format?: string
  body: unknown
  ended: string
}

/** What stands in the cassette, in a few words. */
function formOf({ status, is_streaming, format, body, ended }: Response): string {
  const how = ended === 'complete' ? '' : `, ended: ${ended}`
  if (Array.isArray(body) && is_streaming)
    return `${body.length} ${format === 'ndjson' ? 'line' : 'event'}${body.length === 1 ? '' : 's'}${how}`
  if (is_streaming) return `binary stream${how}`
  const kind = typeof body === 'string' ? 'text' : isBytes(body) ? 'bytes' : 'JSON'
  return `${status === 200 ? '' : `HTTP ${status}, `}${kind}${how}`
}

const isBytes = (body: unknown) => typeof body === 'object' && body !== null && '__base64__' in body

/** As installed: the alias `openai6` is `openai`, in another version. */
export function nameAndVersion(dependency: string): string {
  const manifest = path.resolve(import.meta.dirname, '../../node_modules', dependency, 'package.json')
  const { name, version } = createRequire(import.meta.url)(manifest) as { name: string; version: string }
  return `${name} ${version}`
}
