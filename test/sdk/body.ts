import { readFileSync } from 'node:fs'
import path from 'node:path'
import { crc32, gzipSync } from 'node:zlib'

/** A response that the provider on 127.0.0.1 plays. */
export interface Body {
  /** Where it comes from, for the reader of `docs/fidelity.md`. */
  source: string
  status: number
  type: string
  bytes: Uint8Array
  headers?: Record<string, string>
}

const corpus = path.resolve(import.meta.dirname, '../../fixtures/corpus')
const types: Record<string, string> = {
  '.sse': 'text/event-stream; charset=utf-8',
  '.json': 'application/json',
  '.bin': 'application/vnd.amazon.eventstream',
}

/** A raw body, as it came over the wire. */
export function wire(file: string): Body {
  return {
    source: `wire/${file}`,
    status: Number(/__(\d{3})__/.exec(file)?.[1] ?? 200),
    type: types[path.extname(file)]!,
    bytes: readFileSync(path.join(corpus, 'wire', file)),
  }
}

/** A recording that holds the SDK's objects, as the provider sent them. */
export function dump(file: string): Body {
  const source = `llama-stack/${file}`
  const { response } = JSON.parse(readFileSync(path.join(corpus, source), 'utf8')) as Dump
  if (!response.is_streaming) return json(source, unwrap(response.body))
  const events = (response.body as unknown[]).map(item => JSON.stringify(unwrap(item)))
  if (file.includes('api_generate')) return text(source, 'application/x-ndjson', lines(events))
  return text(source, types['.sse']!, sse([...events, '[DONE]']))
}

interface Dump {
  response: { body: unknown; is_streaming?: boolean }
}

function unwrap(item: unknown): unknown {
  return typeof item === 'object' && item !== null && '__data__' in item ? item.__data__ : item
}

/** The response object that the last event of an OpenAI Responses stream carries: what the call returns without `stream`. */
export function lastResponse(file: string): Body {
  const { bytes, source } = wire(file)
  const events = dataOf(bytes) as { response?: unknown }[]
  return json(`${source}, the response of its last event`, events.at(-1)?.response)
}

/** The first event of a Gemini stream: what the call returns without streaming. */
export function firstEvent(file: string): Body {
  const { bytes, source } = wire(file)
  return json(`${source}, its first event`, dataOf(bytes)[0])
}

function dataOf(bytes: Uint8Array): unknown[] {
  return [...new TextDecoder().decode(bytes).matchAll(/^data: ?(\{.*\})\r?$/gm)].map(
    ([, data]) => JSON.parse(data!) as unknown,
  )
}

/** As most providers send it to a client that takes it. */
export function gzipped(body: Body): Body {
  return {
    ...body,
    source: `${body.source}, gzipped`,
    bytes: gzipSync(body.bytes),
    headers: { 'content-encoding': 'gzip' },
  }
}

/** Where the corpus has no such body. */
export function made(value: unknown): Body {
  return json('made for the test', value)
}

export function madeBytes(type: string, bytes: number[]): Body {
  return { source: 'made for the test', status: 200, type, bytes: new Uint8Array(bytes) }
}

/** Chat completion chunks, or other events, made for the test. */
export function madeEvents(events: readonly unknown[]): Body {
  const data = [...events.map(event => JSON.stringify(event)), '[DONE]']
  return text('made for the test', types['.sse']!, sse(data))
}

/**
 * The events that Nova sent to `InvokeModelWithResponseStream`, framed as `ConverseStream` frames them: the same objects,
 * with the event's name in the frame's header.
 */
export function converseStream(file: string): Body {
  const { bytes, source } = wire(file)
  const payloads = awsPayloads(bytes).map(payload => {
    const { bytes: inner } = JSON.parse(payload) as { bytes: string }
    return JSON.parse(Buffer.from(inner, 'base64').toString()) as Record<string, unknown>
  })
  const frames = payloads.flatMap(payload =>
    Object.entries(payload)
      .filter(([name]) => !name.startsWith('amazon-bedrock'))
      .map(([name, value]) => awsFrame(name, value)),
  )
  return { source: `${source}, reframed`, status: 200, type: types['.bin']!, bytes: Buffer.concat(frames) }
}

/** The payload of each message of an AWS event stream: total length, length of the headers, checksum, headers, payload, checksum. */
function awsPayloads(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const payloads: string[] = []
  for (let start = 0; start < bytes.byteLength; start += view.getUint32(start)) {
    const end = start + view.getUint32(start) - 4
    payloads.push(Buffer.from(bytes.subarray(start + 12 + view.getUint32(start + 4), end)).toString())
  }
  return payloads
}

function awsFrame(event: string, value: unknown): Buffer {
  const headers = Buffer.concat(
    Object.entries({
      ':event-type': event,
      ':content-type': 'application/json',
      ':message-type': 'event',
    }).map(([name, content]) => awsHeader(name, content)),
  )
  const payload = Buffer.from(JSON.stringify(value))
  const prelude = Buffer.alloc(12)
  prelude.writeUInt32BE(headers.length + payload.length + 16, 0)
  prelude.writeUInt32BE(headers.length, 4)
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8)
  const message = Buffer.concat([prelude, headers, payload])
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(message))
  return Buffer.concat([message, checksum])
}

function awsHeader(name: string, content: string): Buffer {
  // 7 is the type "string", followed by its length in two bytes.
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([7, 0, content.length]),
    Buffer.from(content),
  ])
}

function json(source: string, value: unknown): Body {
  return text(source, 'application/json', JSON.stringify(value))
}

function text(source: string, type: string, content: string): Body {
  return { source, status: 200, type, bytes: Buffer.from(content) }
}

const lines = (items: readonly string[]) => items.map(item => `${item}\n`).join('')
const sse = (items: readonly string[]) => items.map(item => `data: ${item}\n\n`).join('')
