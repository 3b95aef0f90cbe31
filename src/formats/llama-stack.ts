import type { RecordedRequest, Recording } from '../cassette/schema.ts'
import { isNdjsonStream, terminatorOf } from '../providers.ts'
import { decodeBody } from '../wire/body.ts'
import { isObject } from '../wire/json.ts'
import type { Format, Refuse } from './format.ts'
import { isNoConnection, isSet, readException, responseOfException } from './llama-stack-exception.ts'

type Fields = Record<string, unknown>

interface Dump {
  request: Fields
  response: Fields
}

/**
 * Recordings of llama-stack's test suite, and files in their form (the seed). They say what an SDK for Python was called
 * with, and what it returned. They are told from other recordings by their status, which they do not have, but for
 * calls that llama-stack passed through as they were: these have a `payload`.
 */
export const llamaStack: Format<Dump> = {
  reads: isDump,
  recordings(dump, refuse) {
    refuseOther(dump, refuse)
    const { request, response } = dump
    if ('payload' in request) {
      const { payload: body, ...rest } = request
      return [{ ...dump, request: { ...rest, body }, response: passedThrough(response, String(request.url)) }]
    }
    const wire = requestOnWire(request)
    return [{ ...dump, request: wire, response: responseOnWire(response, wire.url) }]
  },
}

function isDump(content: unknown): content is Dump {
  if (!isObject(content) || !isObject(content.request) || !isObject(content.response)) return false
  const { status, is_exception } = content.response
  return 'payload' in content.request || is_exception === true || !isSet(status)
}

/**
 * The requests that a recording answers besides its own: a dump leaves open which of them went over the wire. What was
 * recorded from the wire has headers in its response, and no dump has.
 */
export function otherRequestsOf({ request, response }: Recording): RecordedRequest[] {
  const { body, url } = request
  if (response.headers !== undefined || !isObject(body)) return []
  const others = []
  // vertexai/generate_content_stream.stream.b68e6a51cd: the response is a stream, which the request does not ask for.
  if (response.is_streaming && !isSet(body.stream))
    others.push({ ...request, body: { ...body, stream: true } })
  // ollama/api_embeddings.json.3406defae7: `embed()` is noted under the endpoint of `embeddings()`, which takes a `prompt`.
  if (url.endsWith('/api/embeddings') && 'input' in body)
    others.push({ ...request, url: url.replace(/embeddings$/, 'embed') })
  return others
}

function refuseOther({ request: { tool_name, file_id, url }, response }: Dump, refuse: Refuse): void {
  const refuseCall = (name: string, what: string) =>
    refuse(
      `request.${name}`,
      `this is no recording of an HTTP call, but of ${what}, which no request can ask for`,
    )
  if (url === undefined && tool_name !== undefined) refuseCall('tool_name', `the tool ${String(tool_name)}`)
  if (url === undefined && file_id !== undefined) refuseCall('file_id', `the file ${String(file_id)}`)
  if (typeof url === 'string' && /^[\w+.-]+:/.test(url) && !/^https?:/i.test(url))
    refuseCall('url', `a client library's call (${url})`)
  if (response.is_exception !== true) return
  const exception = readException(response)
  if (exception.status === undefined && !isNoConnection(exception))
    refuse('response.exception_message', `the recorded exception tells no HTTP status: ${exception.message}`)
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
  if (isEmpty(merged) && isListUrl(url)) return { ...onWire, method: 'GET' }
  return isSet(body) ? { ...onWire, body: merged } : onWire
}

/** Where the host was blanked out, it becomes one that answers for every host: databricks/chat_completions.json.65b1fd2163. */
function withHost(url: unknown): unknown {
  return typeof url === 'string' && /^__\w+__\//.test(url) ? `https://${url}` : url
}

/** Lists are fetched with GET, although the dumps say POST: llamacpp/models.json.9f5da6f933. */
function isListUrl(url: unknown): boolean {
  return /\/(?:models|api\/(?:ps|tags|version))\/?$/.test(String(url).replace(/\?.*/, ''))
}

function withQuery(url: unknown, query: Fields): unknown {
  if (typeof url !== 'string' || !URL.canParse(url)) return url
  const full = new URL(url)
  for (const [name, value] of Object.entries(query).flatMap(([key, item]) => queryItems(key, item)))
    full.searchParams.append(name, value)
  return full.href
}

/** The names of nested values get brackets, as the OpenAI SDK writes them. */
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
  if (is_exception === true) return { ...rest, ...responseOfException(readException(response)) }
  if (!('body' in response)) return rest
  if (!Array.isArray(body)) return { ...rest, status: 200, body: unwrap(body) }
  if (rest.is_streaming !== true) return { ...rest, status: 200, body: listOnWire(body, url) }
  if (isNdjsonStream(String(url))) return { ...rest, status: 200, format: 'ndjson', body: body.map(unwrap) }
  const terminator = URL.canParse(String(url)) ? terminatorOf(new URL(String(url))) : undefined
  const ends = terminator === undefined || body.includes(terminator)
  return { ...rest, status: 200, body: ends ? body : [...(body as unknown[]), terminator] }
}

/** An SDK reads a list page by page, but over the wire it is one object. */
function listOnWire(items: unknown[], url: unknown): unknown {
  const data = items.map(unwrap)
  return isListUrl(url) ? { object: 'list', data } : data
}

/** The body of a call that was passed through is what came over the wire: the lines of a stream, or a body. */
function passedThrough(response: Fields, url: string): Fields {
  const { body, is_streaming, ...rest } = response
  const status = isSet(rest.status) ? rest.status : 200
  if (is_streaming !== true || !Array.isArray(body)) return { ...response, status }
  const text = body.map(line => `${String(line)}\n`).join('')
  const contentType = isNdjsonStream(url) ? 'application/x-ndjson' : 'text/event-stream'
  return { ...rest, status, ...decodeBody(new TextEncoder().encode(text), contentType).recorded }
}

/** The type of a value is only a label. */
function unwrap(value: unknown): unknown {
  return isObject(value) && '__type__' in value && '__data__' in value ? value.__data__ : value
}

function isEmpty(body: unknown): boolean {
  return !isSet(body) || (isObject(body) && Object.keys(body).length === 0)
}
