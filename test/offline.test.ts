import { existsSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { withCassette } from 'vitest-cassette/node'
import { decodeBody } from '../src/wire/body.ts'
import { watchSockets } from './support/sockets.ts'

const corpus = path.resolve(import.meta.dirname, '../../shared/corpus/wire')

interface Row {
  file: string
  status: number
  content_type: string | null
  method: string
  url: string
  request: unknown
}

async function rows(): Promise<Row[]> {
  const index = await readFile(path.join(corpus, 'index.jsonl'), 'utf8')
  return index.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line) as Row]))
}

// Needs the shared corpus of recorded traffic, which is not part of the repository.
test.skipIf(!existsSync(corpus))(
  'no connection is opened while all of the corpus replays and misses',
  async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
    const outcomes = { replayed: 0, missed: 0 }
    const sockets = watchSockets()
    for (const row of await rows()) {
      const url = row.url.replace(/^[a-z]+:\/\/\/(?!\/)/, 'https://api.openai.com/')
      const method = row.method.toUpperCase()
      const body = row.request ?? undefined
      const bytes = new Uint8Array(await readFile(path.join(corpus, row.file)))
      const { recorded } = decodeBody(bytes, row.content_type ?? '')
      const headers: Record<string, string> = row.content_type ? { 'content-type': row.content_type } : {}
      const recording = {
        request: { method, url, headers: {}, body },
        response: { status: row.status, headers, ...recorded },
      }
      await writeFile(path.join(dir, 'row.json'), JSON.stringify(recording))
      const send = async (content: unknown) => {
        const text =
          content === undefined ? undefined : typeof content === 'string' ? content : JSON.stringify(content)
        const response = await fetch(url, { method, ...(text === undefined ? {} : { body: text }) })
        await response.arrayBuffer()
      }
      const options = { dir, mode: 'replay' as const, include: [/./] }
      await withCassette(
        'row',
        async cassette => {
          await send(body)
          outcomes.replayed += cassette.calls.filter(call => call.outcome === 'replayed').length
        },
        options,
      )
      const missing = withCassette(
        'row',
        () => send(method === 'POST' ? { other: row.file } : body).then(() => send(body)),
        options,
      )
      await expect(missing).rejects.toMatchObject({ code: 'miss' })
      outcomes.missed++
    }
    expect(outcomes).toEqual({ replayed: 98, missed: 98 })
    expect(sockets.stop()).toEqual([])
  },
)

test('the watch on sockets sees a connection where there is one', async () => {
  const seen = watchSockets()
  // Nobody listens there.
  await fetch('http://127.0.0.1:45679/health').catch(() => undefined)
  expect(seen.stop()).not.toEqual([])
})
