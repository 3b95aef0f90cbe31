import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { withCassette } from 'vitest-cassette/node'
import { recordCall } from '../../src/http/record-call.ts'
import { replayResponse } from '../../src/http/replay.ts'
import { describeCorpus, wireFiles, type WireFile } from '../support/corpus.ts'
import { meaning, readEventStream } from '../support/event-stream.ts'
import { readExactly } from '../support/exact-json.ts'
import { inPieces } from '../support/pieces.ts'
import { startProvider } from '../support/provider.ts'

interface Answer {
  status: number
  contentType: string | null
  /** What each read of the body gave. */
  reads: Buffer[]
}

describeCorpus('wire', dir => {
  test.for(wireFiles(dir).map(file => [file.file, file] as const))(
    'the body of %s is recorded and replays as it was sent',
    async ([name, file]) => {
      const body = await readFile(path.join(dir, name))
      const { recorded, replayed, stored } = await recordThenReplay(file, body)

      expect(Buffer.concat(recorded.reads)).toEqual(body)
      expectSame(replayed, file, body)
      // Every event of these can be written as what it means.
      expect(JSON.stringify(stored)).not.toContain('__raw__')
      for (const size of [1, 7, 4096]) {
        const { timing: _, ...response } = await recordPieces(file, body, size)
        expect(response).toEqual(stored)
      }
    },
  )
})

/** Over the network, with the provider gone for the replay. */
async function recordThenReplay(file: WireFile, body: Buffer) {
  const options = {
    dir: await mkdtemp(path.join(tmpdir(), 'cassettes-')),
    include: ['127.0.0.1'],
    recordErrors: true,
  }
  await using provider = await startProvider((_, response) => {
    response.writeHead(file.status, headersOf(file))
    response.end(body)
  })
  const url = provider.url.replace(/\/v1$/, '') + pathOf(file.url)
  const ask = () => call(url, file)
  const recorded = await withCassette('call', ask, { ...options, mode: 'auto' })
  await provider.stop()
  const replayed = await withCassette('call', ask, { ...options, mode: 'replay' })
  const cassette = JSON.parse(await readFile(path.join(options.dir, 'call.json'), 'utf8'))
  const { timing: _, ...stored } = cassette.recordings[0].response
  return { recorded, replayed, stored }
}

/** Without a network, which would put small pieces together again. */
async function recordPieces(file: WireFile, body: Buffer, size: number) {
  const { signal } = new AbortController()
  const init = { status: file.status, headers: headersOf(file) }
  const { response, recorded } = await recordCall(
    () => Promise.resolve(new Response(inPieces(body, size), init)),
    signal,
  )
  const { reads } = await readAnswer(response)
  expect(reads.map(read => read.length)).toEqual(
    Array.from({ length: Math.ceil(body.length / size) }, (_, index) =>
      Math.min(size, body.length - index * size),
    ),
  )
  expect(Buffer.concat(reads)).toEqual(body)
  const replayed = replayResponse(await recorded, { timing: 'instant', signal })
  expectSame(await readAnswer(replayed), file, body)
  return recorded
}

function headersOf(file: WireFile): Record<string, string> {
  return file.content_type === '' ? {} : { 'content-type': file.content_type }
}

/** `openai:///v1/embeddings` names the provider and the path only. */
function pathOf(url: string): string {
  return /^[a-z]+:\/\/[^/]*(\/[^#]*)/.exec(url)?.[1] ?? '/'
}

async function call(url: string, { method, request }: WireFile): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  const asked = request ? { headers, body: JSON.stringify(request) } : {}
  return readAnswer(await fetch(url, { method: method.toUpperCase(), ...asked }))
}

async function readAnswer(response: Response): Promise<Answer> {
  const reads: Buffer[] = []
  for await (const read of response.body ?? []) reads.push(Buffer.from(read))
  return { status: response.status, contentType: response.headers.get('content-type'), reads }
}

function expectSame({ status, contentType, reads }: Answer, file: WireFile, body: Buffer): void {
  expect(status).toBe(file.status)
  expect(contentType).toBe(file.content_type === '' ? null : file.content_type)
  expectSameBody[file.kind](reads, body)
}

const expectSameBody = {
  /** One event, or one comment, a read. */
  sse(reads: Buffer[], body: Buffer) {
    const blocks = readEventStream(String(body)).map(meaning)
    expect(reads.map(read => readEventStream(String(read)).map(meaning))).toEqual(
      blocks.map(block => [block]),
    )
  },
  json(reads: Buffer[], body: Buffer) {
    expect(reads).toHaveLength(1)
    expect(readExactly(String(reads[0]))).toEqual(readExactly(String(body)))
  },
  /** One message a read; each starts with its length. */
  'eventstream-binary'(reads: Buffer[], body: Buffer) {
    expect(Buffer.concat(reads)).toEqual(body)
    for (const read of reads) expect(read.readUInt32BE()).toBe(read.length)
  },
}
