import { createHash } from 'node:crypto'
import type { RecordedRequest } from '../cassette/schema.ts'
import { endpointOf, withoutCredentials } from '../cassette/endpoint.ts'
import { parseExactly } from '../wire/json.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A request whose body was read: as it would be recorded, and as it goes on to the provider. */
export interface ReadRequest {
  recorded: RecordedRequest
  bytes: Bytes
}

/**
 * Reads a request into the form in which it is recorded. No header is kept but those that the key asks for.
 *
 * @param headers names of the headers that count
 */
export async function readRequest(request: Request, headers: readonly string[] = []): Promise<ReadRequest> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  const url = withoutCredentials(request.url)
  const body = await readBody(bytes, request.headers.get('content-type') ?? '')
  const model = modelOf(body, url)
  return {
    bytes,
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
async function readBody(bytes: Bytes, contentType: string): Promise<unknown> {
  if (bytes.byteLength === 0) return undefined
  if (contentType.startsWith('multipart/form-data')) return readMultipart(bytes, contentType)
  const text = decodeUtf8(bytes)
  if (text === undefined) return { __sha256__: sha256(bytes), bytes: bytes.byteLength }
  const json = parseExactly(text)
  return json !== undefined && typeof json.value !== 'string' ? json.value : text
}

/** The parts, so that the boundary, which changes from call to call, is gone. Files are told by their content's hash. */
async function readMultipart(bytes: Bytes, contentType: string): Promise<unknown> {
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData()
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

function decodeUtf8(bytes: Bytes): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
