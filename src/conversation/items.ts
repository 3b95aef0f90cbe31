import type { RecordedResponse } from '../cassette/schema.ts'
import { readAwsEvents } from '../wire/aws-events.ts'
import { encodeBinary, isBinary } from '../wire/binary.ts'
import { dataOf } from '../wire/sse.ts'
import { asText, at, isObject, parseOr, type Json } from './json.ts'

/** What a response says, as objects: each event of a stream, or the one body. `[DONE]` and other text are left out. */
export function itemsOf({ body }: Pick<RecordedResponse, 'body'>): Json[] {
  if (isBinary(body)) return readAwsEvents(encodeBinary(body)).map(awsItem).filter(isObject)
  const items = Array.isArray(body) ? body : [body]
  return items.map(valueOf).filter(isObject)
}

/** Text stands for JSON that a JavaScript value cannot hold exactly, and for a last line without its line feed. */
function valueOf(item: unknown): unknown {
  const data = asText(at(item, '__raw__')) ?? dataOf(item)
  // To parse `[DONE]` in vain takes as long as to read the rest of a short stream.
  return typeof data === 'string' && data.trimStart().startsWith('{') ? parseOr(data) : data
}

/** An event says its type in a header; `chunk` wraps what the model's own API says. */
function awsItem({ type, payload }: { type: string; payload: string }): unknown {
  const value = parseOr(payload)
  const wrapped = asText(at(value, 'bytes'))
  return wrapped === undefined ? { [type]: value } : parseOr(Buffer.from(wrapped, 'base64').toString())
}
