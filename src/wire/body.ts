import { decodeBinary, encodeBinary, isBinary, splitAwsEvents } from './binary.ts'
import { parseExactly } from './json.ts'
import { decodeNdjson, encodeNdjson } from './ndjson.ts'
import { decodeSse, encodeSse } from './sse.ts'

/** A response body in a recording: `response.body`, and the fields of the response that tell how to read it. */
export interface RecordedBody {
  /** Text (a string, verbatim), bytes (`{ __base64__ }`), any other JSON value, or a list of events; absent: no body. */
  body?: unknown
  is_streaming?: boolean | undefined
  format?: 'ndjson' | undefined
  event_names?: 'type' | undefined
}

/** A body that was read from the wire. */
export interface DecodedBody {
  recorded: RecordedBody
  /** The length of each part (event, line, or the whole body) on the wire, in bytes. */
  lengths: number[]
}

type Bytes = Uint8Array<ArrayBuffer>

const awsEventStream = 'application/vnd.amazon.eventstream'

/**
 * Reads a whole body into its most readable form that loses nothing.
 *
 * @param contentType the response's `content-type`; where it is empty, the text itself tells whether it is an event stream
 */
export function decodeBody(bytes: Bytes, contentType: string): DecodedBody {
  if (bytes.byteLength === 0) return { recorded: {}, lengths: [] }
  const text = decodeUtf8(bytes)
  if (text === undefined) return decodeBytes(bytes, contentType)
  if (isEventStream(contentType, text)) {
    const { lengths, ...sse } = decodeSse(text)
    return { recorded: { is_streaming: true, ...sse }, lengths }
  }
  if (/ndjson|jsonl|jsonlines/.test(contentType)) {
    const { lengths, body } = decodeNdjson(text)
    return { recorded: { is_streaming: true, format: 'ndjson', body }, lengths }
  }
  const json = parseExactly(text)
  const readable = json !== undefined && isReadable(json.value, contentType)
  return {
    recorded: { is_streaming: false, body: readable ? json.value : text },
    lengths: [bytes.byteLength],
  }
}

/**
 * The parts of a recorded body as they go over the wire: one event a part. Each has memory of its own: whoever gets it may
 * change it, or hand it to a stream of bytes, which takes its memory over.
 */
export function encodeBody(recorded: RecordedBody, contentType: string): Bytes[] {
  const { body } = recorded
  if (body === undefined) return []
  if (isBinary(body)) {
    const bytes = encodeBinary(body)
    return contentType.includes(awsEventStream) ? splitAwsEvents(bytes).map(part => part.slice()) : [bytes]
  }
  if (recorded.format === 'ndjson' && Array.isArray(body)) return encodeParts(encodeNdjson(body))
  if (recorded.is_streaming && Array.isArray(body)) return encodeParts(encodeSse(body, recorded.event_names))
  return encodeParts([typeof body === 'string' ? body : JSON.stringify(body)])
}

/**
 * Whether a value may be recorded in place of its text. A JSON string would be taken for text, and an object with
 * `__base64__` for bytes. A number without a JSON content type is text (a transcript), in which white space counts.
 */
function isReadable(value: unknown, contentType: string): boolean {
  if (typeof value === 'string' || isBinary(value)) return false
  return (typeof value === 'object' && value !== null) || /json/.test(contentType)
}

function decodeBytes(bytes: Bytes, contentType: string): DecodedBody {
  const streamed = contentType.includes(awsEventStream)
  const parts = streamed ? splitAwsEvents(bytes) : [bytes]
  return {
    recorded: { is_streaming: streamed, body: decodeBinary(bytes) },
    lengths: parts.map(part => part.byteLength),
  }
}

/** ChatGPT's backend sends event streams without a content type. */
function isEventStream(contentType: string, text: string): boolean {
  return (
    contentType.includes('text/event-stream') ||
    (contentType === '' && /^(?:event|data|id|retry)?:/.test(text))
  )
}

/** The text of UTF-8 bytes with its byte order mark; `undefined` where the bytes are no UTF-8. */
export function decodeUtf8(bytes: Bytes): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const encoder = new TextEncoder()

function encodeParts(texts: readonly string[]): Bytes[] {
  return texts.map(text => encoder.encode(text))
}
