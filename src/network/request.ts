import { createHash } from 'node:crypto'
import type { RecordedRequest } from '../cassette/schema.ts'
import { endpointOf, withoutCredentials } from '../cassette/endpoint.ts'
import { decodeUtf8 } from '../wire/body.ts'
import { parseExactly } from '../wire/json.ts'
import type { Received } from './answerer.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A request whose body was read: as it would be recorded, and as it goes on to the provider. */
export interface ReadRequest {
  recorded: RecordedRequest
  body: Bytes | string
}

/**
 * Reads a request into the form in which it is recorded. No header is kept but those that the key asks for.
 *
 * @param headers names of the headers that count
 */
export async function readRequest(
  { request, text }: Pick<Received, 'request' | 'text'>,
  headers: readonly string[] = [],
): Promise<ReadRequest> {
  const sent = text ?? new Uint8Array(await request.arrayBuffer())
  const url = withoutCredentials(request.url)
  const body = await readBody(sent, request.headers.get('content-type') ?? '')
  const model = modelOf(body, url)
  return {
    body: sent,
    recorded: {
      method: request.method,
      url,
      headers: Object.fromEntries(
        headers.flatMap(name => {
          const value = request.headers.get(name)
          return value === null ? [] : [[name.toLowerCase(), value]]
        }),
      ),
      ...(body === undefined ? {} : { body }),
      endpoint: endpointOf(new URL(url)),
      ...(model === undefined ? {} : { model }),
    },
  }
}

/** JSON as its value, other text verbatim, multipart as its parts, bytes as their hash; no body as `undefined`. */
async function readBody(body: Bytes | string, contentType: string): Promise<unknown> {
  if (body.length === 0) return undefined
  if (contentType.startsWith('multipart/form-data')) return readMultipart(body, contentType)
  const text = typeof body === 'string' ? body.toWellFormed() : decodeUtf8(body)
  if (text === undefined) return { __sha256__: sha256(body as Bytes), bytes: body.length }
  const json = parseExactly(text)
  return json !== undefined && typeof json.value !== 'string' ? json.value : text
}

/** The parts, so that the boundary, which changes from call to call, is gone. Files are told by their content's hash. */
async function readMultipart(body: Bytes | string, contentType: string): Promise<unknown> {
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData()
  const parts = [...form].map(async ([name, value]) => {
    if (typeof value === 'string') return { name, value }
    const content = await value.arrayBuffer()
    return { name, filename: value.name, type: value.type, __sha256__: sha256(content), bytes: value.size }
  })
  return { __multipart__: await Promise.all(parts) }
}

function modelOf(body: unknown, url: string): string | undefined {
  const named = typeof body === 'object' && body !== null ? (body as { model?: unknown }).model : undefined
  if (typeof named === 'string') return named
  const inPath = /\/models?\/([^/:]+)/.exec(new URL(url).pathname)?.[1]
  return inPath === undefined ? undefined : decodeURIComponent(inPath)
}

function sha256(bytes: Bytes | ArrayBuffer): string {
  return createHash('sha256').update(new Uint8Array(bytes)).digest('hex')
}
