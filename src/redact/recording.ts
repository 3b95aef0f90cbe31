import type { RecordedRequest, RecordedResponse } from '../cassette/schema.ts'
import { isBinary } from '../wire/binary.ts'
import { redactEvents, redactJson } from './json.ts'
import { replacement, type Redactor } from './redactor.ts'

/** Makes a request fit to be stored, compared and shown. A request without secrets is returned uncopied. */
export function redactRequest(request: RecordedRequest, redactor: Redactor): RecordedRequest {
  if (!redactor.hidesHeaders(request.headers) && !redactor.suspects(textOf(request))) return request
  const { url, headers, body, endpoint, model } = request
  return {
    ...request,
    url: redactUrl(url, redactor),
    ...(headers ? { headers: redactHeaders(headers, redactor) } : {}),
    ...('body' in request ? { body: redactJson(body, redactor) } : {}),
    ...(typeof endpoint === 'string' ? { endpoint: redactUrl(endpoint, redactor) } : {}),
    ...(typeof model === 'string' ? { model: redactor.text(model) } : {}),
  }
}

/** All texts of a value, keys included, one a line. One search in all of them is much faster than one in each. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return ''
  let text = ''
  if (Array.isArray(value)) for (const item of value) text += textOf(item) + '\n'
  else for (const key in value) text += key + '\n' + textOf((value as Record<string, unknown>)[key]) + '\n'
  return text
}

/** Makes a response fit to be stored. Bytes stay, because nothing in them can be replaced safely: see `findSecrets`. */
export function redactResponse(response: RecordedResponse, redactor: Redactor): RecordedResponse {
  const { headers, body, is_streaming } = response
  const clean = isBinary(body)
    ? body
    : is_streaming && Array.isArray(body)
      ? redactEvents(body, redactor)
      : redactJson(body, redactor)
  return {
    ...response,
    ...(headers ? { headers: redactHeaders(headers, redactor) } : {}),
    ...('body' in response ? { body: clean } : {}),
  }
}

function redactHeaders(headers: Record<string, string>, redactor: Redactor): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      redactor.hidesHeader(name) ? replacement('header') : redactor.text(value),
    ]),
  )
}

/** The brackets of a replacement are percent-encoded, so that the URL stays valid. */
function redactUrl(url: string, redactor: Redactor): string {
  const clean = redactor.text(url)
  return clean === url ? url : clean.replace(/<(redacted:[\w-]+)>/g, '%3C$1%3E')
}
