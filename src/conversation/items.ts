import type { RecordedResponse } from '../cassette/schema.ts'
import { readAwsEvents } from '../wire/aws-events.ts'
import { encodeBinary, isBinary } from '../wire/binary.ts'
import { asText, at, isObject, parseOr, type Json } from '../wire/json.ts'
import { dataOf } from '../wire/sse.ts'

/** The objects in a response: each event of a stream, or the one body. `[DONE]` and other text are left out. */
export function itemsOf({ body }: Pick<RecordedResponse, 'body'>): Json[] {
  if (isBinary(body)) return readAwsEvents(encodeBinary(body)).map(awsItem).filter(isObject)
  const items = Array.isArray(body) ? body : [body]
  return items.map(valueOf).filter(isObject)
}

/** A text may be JSON that a JavaScript value cannot hold exactly, or a last line without its line feed. */
function valueOf(item: unknown): unknown {
  const data = asText(at(item, '__raw__')) ?? dataOf(item)
  // A failed parse of `[DONE]` takes as long as the rest of a short stream.
  return typeof data === 'string' && data.trimStart().startsWith('{') ? parseOr(data) : data
}

/** The type of an event stands in its header. An event `chunk` wraps an event of the model's own API in base64. */
function awsItem({ type, payload }: { type: string; payload: string }): unknown {
  const value = parseOr(payload)
  const wrapped = asText(at(value, 'bytes'))
  return wrapped === undefined ? { [type]: value } : parseOr(Buffer.from(wrapped, 'base64').toString())
}
