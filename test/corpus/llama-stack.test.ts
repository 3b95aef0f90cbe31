import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { withCassette } from 'vitest-cassette/node'
import { describeCorpus, llamaStackFiles } from '../support/corpus.ts'
import { readEventStream } from '../support/event-stream.ts'
import { allowNoSockets } from '../support/sockets.ts'

allowNoSockets()

/** Fields of these files that the tests look at. */
interface Dump {
  request: {
    url?: string
    method: string
    body?: Record<string, unknown>
    payload?: Record<string, unknown>
    tool_name?: string
    file_id?: string
  }
  response: {
    status?: number
    is_streaming: boolean
    is_exception?: boolean
    exception_data?: { status_code?: number; body?: unknown }
    body: unknown
  }
}

describeCorpus('llama-stack', dir => {
  test.for(llamaStackFiles(dir))('%s replays as it was noted, or is refused as no HTTP call', async name => {
    const file = path.join(dir, name)
    const text = await readFile(file, 'utf8')
    const dump = JSON.parse(text) as Dump
    const refused = notHttp(dump)
    const replay = replayDump(dir, name, dump)
    if (refused) await expect(replay).rejects.toMatchObject({ code: 'bad-cassette', message: refused })
    else await expectSame(await replay, dump)
    expect(await readFile(file, 'utf8')).toBe(text)
  })
})

function notHttp({ request: { url, tool_name, file_id } }: Dump): unknown {
  if (tool_name) return expect.stringContaining(`no recording of an HTTP call, but of the tool ${tool_name}`)
  if (file_id) return expect.stringContaining(`no recording of an HTTP call, but of the file ${file_id}`)
  return url?.startsWith('vertexai:') && expect.stringContaining(`a client library's call (${url})`)
}

/** As the app would ask: what the SDK's extras are merged into, a list with GET. */
function replayDump(dir: string, name: string, { request }: Dump): Promise<Response | string> {
  const { extra_body, extra_query, ...own } = request.body ?? {}
  const url = new URL((request.url ?? 'http://127.0.0.1/').replace(/^__\w+__/, 'https://x.databricks.com'))
  for (const [key, value] of Object.entries(extra_query ?? {})) url.searchParams.set(key, String(value))
  const isList = /\/(?:models|api\/ps)$/.test(url.pathname)
  const body = JSON.stringify(request.payload ?? { ...own, ...(extra_body as object) })
  return withCassette(
    name.replace(/\.json$/, ''),
    async () => {
      const response = await fetch(url, isList ? {} : { method: 'POST', body }).catch(String)
      return typeof response === 'string'
        ? response
        : new Response(await response.bytes(), { status: response.status, headers: response.headers })
    },
    { dir, mode: 'replay', include: [/./] },
  )
}

async function expectSame(response: Response | string, dump: Dump): Promise<void> {
  const { body, status = 200, is_streaming, is_exception, exception_data } = dump.response
  if (is_exception && exception_data?.status_code === undefined)
    return expect(response).toBe('TypeError: fetch failed')
  if (typeof response === 'string') return expect(response).toBe('a response')
  const text = await response.text()
  if (is_exception) {
    expect(response.status).toBe(exception_data?.status_code)
    const { error = JSON.parse(text) } = JSON.parse(text)
    return expect(error).toEqual(exception_data?.body)
  }
  expect(response.status).toBe(status)
  if (is_streaming && dump.request.payload) expect(text).toBe((body as string[]).join('\n') + '\n')
  else if (is_streaming) expect(readStream(response, text)).toEqual((body as unknown[]).map(dataOf))
  else if (!Array.isArray(body)) expect(JSON.parse(text)).toEqual(dataOf(body))
  else expect(JSON.parse(text)).toEqual({ object: 'list', data: body.map(dataOf) })
}

function readStream(response: Response, text: string): unknown[] {
  if (response.headers.get('content-type') === 'application/x-ndjson')
    return text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
  const events = readEventStream(text).map(({ data }) => data)
  expect(events.pop()).toBe('[DONE]')
  return events.map(data => JSON.parse(data ?? ''))
}

function dataOf(item: unknown): unknown {
  const { __type__, __data__ } = item as { __type__?: string; __data__?: unknown }
  return __type__ === undefined ? item : __data__
}
