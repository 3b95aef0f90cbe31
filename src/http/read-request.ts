import type { RecordedRequest } from '../cassette/schema.ts'
import { modelOf } from '../conversation/model.ts'
import { endpointOf, withoutCredentials } from '../match/address.ts'
import { parseExactly } from '../wire/json.ts'
import { hashOf } from './form.ts'
import type { Received } from './received.ts'

/**
 * Reads a request whose body has arrived into the form in which it is recorded. Its secrets are still in it.
 *
 * @param names of the headers that are kept
 */
export function readRequest(received: Received, names: readonly string[] = []): RecordedRequest {
  const { method, headers } = received.request
  const url = withoutCredentials(received.request.url)
  const body = readBody(received)
  const model = modelOf({ url, body })
  return {
    method,
    url,
    headers: Object.fromEntries(
      names.flatMap(name => {
        const value = headers.get(name)
        return value === null ? [] : [[name.toLowerCase(), value]]
      }),
    ),
    ...(body === undefined ? {} : { body }),
    endpoint: endpointOf(new URL(url)),
    ...(model === undefined ? {} : { model }),
  }
}

/** JSON as its value, other text verbatim, a form as its parts, bytes as their hash; no body as `undefined`. */
function readBody({ body, text, form }: Received): unknown {
  if (body.length === 0) return undefined
  if (form) return form
  if (text === undefined) return hashOf(body as Uint8Array)
  const wellFormed = text.toWellFormed()
  const json = parseExactly(wellFormed)
  return json !== undefined && typeof json.value !== 'string' ? json.value : wellFormed
}
