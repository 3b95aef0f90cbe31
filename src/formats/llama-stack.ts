import { isNdjsonStream, terminatorOf } from '../providers.ts'
import { decodeBody } from '../wire/body.ts'
import { parsePythonLiteral } from './python-literal.ts'
import type { RecordedRequest, Recording } from '../cassette/schema.ts'
import { isObject } from '../wire/json.ts'

type Fields = Record<string, unknown>

/** Why a recording cannot be replayed, and where in it that stands. */
export interface Refusal {
  path: string
  reason: string
}

/**
 * Recordings of llama-stack's test suite, and files in their form (the seed), say what an SDK for Python was called
 * with and what it returned. This is what went over the wire then. Recordings of the wire, told by their status, stay
 * as they are.
 *
 * @param content JSON that is not validated yet; nor is what is returned
 */
export function fromLlamaStack(content: unknown): unknown {
  if (!isObject(content) || !isObject(content.request) || !isObject(content.response)) return content
  const { request, response } = content
  // Told apart from the calls of an SDK by its `payload`: what went through llama-stack as it was, status included.
  if ('payload' in request) {
    const { payload: body, ...rest } = request
    return { ...content, request: { ...rest, body }, response: passedThrough(response, String(request.url)) }
  }
  if (isSet(response.status) && response.is_exception !== true) return content
  const wire = requestOnWire(request)
  return { ...content, request: wire, response: responseOnWire(response, wire.url) }
}

/** Says why a recording is none of an HTTP call, if it is not. */
export function refuseOther(content: unknown): Refusal | undefined {
  if (!isObject(content) || !isObject(content.request)) return undefined
  const { tool_name, file_id, url } = content.request
  const no = (path: string, what: string) => ({
    path: `request.${path}`,
    reason: `this is no recording of an HTTP call, but of ${what}, which no request can ask for`,
  })
  if (url === undefined && tool_name !== undefined) return no('tool_name', `the tool ${String(tool_name)}`)
  if (url === undefined && file_id !== undefined) return no('file_id', `the file ${String(file_id)}`)
  if (typeof url === 'string' && /^[\w+.-]+:/.test(url) && !/^https?:/i.test(url))
    return no('url', `a client library's call (${url})`)
  const { response } = content
  if (isObject(response) && response.is_exception === true && !isHttpFailure(failureOf(response)))
    return {
      path: 'response.exception_message',
      reason: `the recorded exception tells no HTTP status: ${failureOf(response).message}`,
    }
  return undefined
}

/** The requests that a recording answers: its own, and what a client sends to get the same, where a dump leaves it open. */
export function requestsOf({ request, response }: Recording): RecordedRequest[] {
  const { body, url } = request
  if (response.headers !== undefined || !isObject(body)) return [request]
  const requests = [request]
  // vertexai/generate_content_stream.stream.b68e6a51cd: a stream that the request does not ask for.
  if (response.is_streaming && !isSet(body.stream))
    requests.push({ ...request, body: { ...body, stream: true } })
  // ollama/api_embeddings.json.3406defae7: `embed()` under the endpoint of `embeddings()`, which takes a `prompt`.
  if (url.endsWith('/api/embeddings') && 'input' in body)
    requests.push({ ...request, url: url.replace(/embeddings$/, 'embed') })
  return requests
}

function requestOnWire(request: Fields): Fields {
  const { body, ...rest } = request
  const url = withHost(request.url)
  const { extra_body, extra_query, extra_headers, ...own } = isObject(body) ? body : {}
  const merged = isObject(body) ? { ...own, ...(isObject(extra_body) ? extra_body : {}) } : body
  const onWire = {
    ...rest,
    url: isObject(extra_query) ? withQuery(url, extra_query) : url,
    headers: { ...headersOf(rest.headers), ...headersOf(extra_headers) },
  }
  if (isEmptyObject(merged) && isList(url)) return { ...onWire, method: 'GET' }
  return body === undefined || body === null ? onWire : { ...onWire, body: merged }
}

/** A host that was blanked out is any host: databricks/chat_completions.json.65b1fd2163. */
function withHost(url: unknown): unknown {
  return typeof url === 'string' && /^__\w+__\//.test(url) ? `https://${url}` : url
}

/** Lists are fetched with GET, which all of these say is POST: llamacpp/models.json.9f5da6f933. */
function isList(url: unknown): boolean {
  return /\/(?:models|api\/(?:ps|tags|version))\/?$/.test(String(url).replace(/\?.*/, ''))
}

function withQuery(url: unknown, query: Fields): unknown {
  if (typeof url !== 'string' || !URL.canParse(url)) return url
  const full = new URL(url)
  for (const [name, value] of Object.entries(query).flatMap(([key, item]) => queryItems(key, item)))
    full.searchParams.append(name, value)
  return full.href
}

/** Names of nested values get brackets, as the OpenAI SDK writes them. */
function queryItems(name: string, value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.flatMap(item => queryItems(`${name}[]`, item))
  if (isObject(value))
    return Object.entries(value).flatMap(([key, item]) => queryItems(`${name}[${key}]`, item))
  return isSet(value) ? [[name, String(value)]] : []
}

function headersOf(headers: unknown): Fields {
  return Object.fromEntries(
    Object.entries(isObject(headers) ? headers : {}).map(([name, value]) => [name, String(value)]),
  )
}

function responseOnWire(response: Fields, url: unknown): Fields {
  const { is_exception, exception_data: _data, exception_message: _message, body, ...rest } = response
  if (is_exception === true) return { ...rest, ...failed(failureOf(response)) }
  if (!('body' in response)) return rest
  if (!Array.isArray(body)) return { ...rest, status: 200, body: unwrap(body) }
  if (rest.is_streaming !== true) return { ...rest, status: 200, body: listOnWire(body, url) }
  if (isNdjsonStream(String(url))) return { ...rest, status: 200, format: 'ndjson', body: body.map(unwrap) }
  const terminator = URL.canParse(String(url)) ? terminatorOf(new URL(String(url))) : undefined
  const ends = terminator === undefined || body.includes(terminator)
  return { ...rest, status: 200, body: ends ? body : [...(body as unknown[]), terminator] }
}

/** What an SDK has read page by page is one object on the wire. */
function listOnWire(items: unknown[], url: unknown): unknown {
  const data = items.map(unwrap)
  return isList(url) ? { object: 'list', data } : data
}

/** The lines of a stream, or a body; both as they came. */
function passedThrough(response: Fields, url: string): Fields {
  const { body, is_streaming, ...rest } = response
  const status = isSet(rest.status) ? rest.status : 200
  if (is_streaming !== true || !Array.isArray(body)) return { ...response, status }
  const text = body.map(line => `${String(line)}\n`).join('')
  const contentType = isNdjsonStream(url) ? 'application/x-ndjson' : 'text/event-stream'
  return { ...rest, status, ...decodeBody(new TextEncoder().encode(text), contentType).recorded }
}

/** What is known of an exception that an SDK threw. */
interface Failure {
  message: string
  type: string
  status: number | undefined
  /** The response's: `exception_data` has its `error` only, the message all of it (watsonx/...exception.11e4757761). */
  body: unknown
}

function failureOf({ status, exception_data, exception_message }: Fields): Failure {
  const data = isObject(exception_data) ? exception_data : {}
  const message = String(data.message ?? exception_message ?? 'unknown')
  const [, code, printed = ''] = /^Error code: (\d{3})(?: - ([^]*))?$/.exec(message) ?? []
  const whole = parsePythonLiteral(printed)
  return {
    message,
    type: String(data.type ?? ''),
    status: [data.status_code, code, status].filter(isSet).map(Number)[0],
    body: isObject(whole) ? whole : { error: isSet(data.body) ? data.body : { message } },
  }
}

function isHttpFailure(failure: Failure): boolean {
  return failure.status !== undefined || isNoConnection(failure)
}

function isNoConnection({ type, message, status }: Failure): boolean {
  const told =
    /(?:Connection|Timeout)Error$/.test(type) || /^(?:Connection error|Request timed out)\.$/.test(message)
  return status === undefined && told
}

/** The SDK threw once it had tried as often as it would: an app's SDK is not to try again. */
function failed(failure: Failure): Fields {
  if (isNoConnection(failure)) return { is_streaming: false, ended: 'error' }
  const headers = { 'content-type': 'application/json', 'x-should-retry': 'false' }
  return { is_streaming: false, status: failure.status, headers, body: failure.body }
}

/** The type is a label: nothing is made of it. */
function unwrap(value: unknown): unknown {
  return isObject(value) && '__type__' in value && '__data__' in value ? value.__data__ : value
}

function isEmptyObject(value: unknown): boolean {
  return !isSet(value) || (isObject(value) && Object.keys(value).length === 0)
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}
