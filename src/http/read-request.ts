import { createHash } from 'node:crypto'
import type { RecordedRequest } from '../cassette/schema.ts'
import { modelOf } from '../conversation/model.ts'
import { endpointOf, withoutCredentials } from '../match/address.ts'
import { decodeUtf8 } from '../wire/body.ts'
import { parseExactly } from '../wire/json.ts'
import type { Received } from './received.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A request whose body has arrived. */
export interface SentRequest {
  method: string
  /** As it was asked for: `recordedUrl` takes the credentials out. */
  url: string
  headers: Headers
  /** As it goes on to the provider. */
  body: Bytes | string
  /** The body as text; absent where it is none. */
  text?: string | undefined
  /** The body of a form as its parts. */
  form?: unknown
}

/** Nothing is looked at here that can wait until the request is on its way to its provider. */
export async function receiveBody({
  request,
  text: given,
}: Pick<Received, 'request' | 'text'>): Promise<SentRequest> {
  const { method, url, headers } = request
  const body = given ?? new Uint8Array(await request.arrayBuffer())
  const text = typeof body === 'string' ? body : decodeUtf8(body)
  const contentType = headers.get('content-type') ?? ''
  const form =
    contentType.startsWith('multipart/form-data') && body.length > 0
      ? await readMultipart(body, contentType)
      : undefined
  return { method, url, headers, body, text, form }
}

/**
 * Reads a request into the form in which it is recorded. No header is kept but those that the key asks for.
 *
 * @param names of the headers that count
 */
export function readRequest(sent: SentRequest, names: readonly string[] = []): RecordedRequest {
  const kept = names.flatMap(name => {
    const value = sent.headers.get(name)
    return value === null ? [] : [[name.toLowerCase(), value]]
  })
  return recordedRequest(sent, readBody(sent), Object.fromEntries(kept))
}

/** An address as it is recorded: without credentials. */
export function recordedUrl(given: string): string {
  return addressOf(given).url
}

/** A request as it is recorded. */
export function recordedRequest(
  { method, url: given }: Pick<SentRequest, 'method' | 'url'>,
  body: unknown,
  headers: Record<string, string> = {},
): RecordedRequest {
  const { url, endpoint } = addressOf(given)
  const model = modelOf({ url, body })
  return {
    method,
    url,
    headers,
    ...(body === undefined ? {} : { body }),
    endpoint,
    ...(model === undefined ? {} : { model }),
  }
}

/** JSON as its value, other text verbatim, multipart as its parts, bytes as their hash; no body as `undefined`. */
function readBody({ body, text, form }: SentRequest): unknown {
  if (body.length === 0) return undefined
  if (form !== undefined) return form
  if (text === undefined) return { __sha256__: sha256(body as Bytes), bytes: body.length }
  const wellFormed = text.toWellFormed()
  const json = parseExactly(wellFormed)
  return json !== undefined && typeof json.value !== 'string' ? json.value : wellFormed
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

interface Address {
  url: string
  endpoint: string
}

const addresses = new Map<string, Address>()
const fewAddresses = 100

/** What is to be known of an address. Most calls go to the same few, which are looked at once. */
function addressOf(given: string): Address {
  const known = addresses.get(given)
  if (known) return known
  const url = withoutCredentials(given)
  const address = { url, endpoint: endpointOf(new URL(url)) }
  if (addresses.size >= fewAddresses) addresses.clear()
  addresses.set(given, address)
  return address
}

function sha256(bytes: Bytes | ArrayBuffer): string {
  return createHash('sha256').update(new Uint8Array(bytes)).digest('hex')
}
