import type { RecordedResponse } from '../cassette/schema.ts'
import { encodeBody } from '../wire/body.ts'
import { connectionError } from './upstream.ts'
import { Arrivals, delaysOf, type Timing } from './timing.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface ReplayOptions {
  timing: Timing
  /** The request's: ends the replayed stream as it would end a real one. */
  signal: AbortSignal
}

// The test may replace the clock, on which a stream that nobody reads any more must not hang.
const real = { setTimeout }
/** How long a stream that the client left while recording stays open for it to leave again, in ms. */
const leaveTime = 2_000

/** An `import` of `node:http` would read all its exports, one of which loads the whole of undici: 25 ms. */
function statusTextOf(status: number): string {
  // Most are, and a test file that needs `node:http` for nothing else does without it.
  if (status === 200) return 'OK'
  return process.getBuiltinModule('node:http').STATUS_CODES[status] ?? ''
}

/** The recorded response: its events are handed out one by one as the app reads them. */
export function replayResponse(recorded: RecordedResponse, options: ReplayOptions): Response {
  if (isNoResponse(recorded)) return connectionError(notConnected())
  const status = recorded.status ?? 200
  const headers = headersOf(recorded, options.timing)
  const parts = encodeBody(recorded, headers['content-type'] ?? '')
  const isEmpty = parts.length === 0 && isComplete(recorded)
  return new Response(isEmpty || isNullBody(status) ? null : streamOf(parts, recorded, options), {
    status,
    statusText: statusTextOf(status),
    headers,
  })
}

function streamOf(
  parts: readonly Bytes[],
  recorded: RecordedResponse,
  options: ReplayOptions,
): ReadableStream<Uint8Array> {
  return isComplete(recorded) && options.timing === 'instant'
    ? streamAtOnce(parts, options.signal)
    : streamInTime(parts, recorded, options)
}

/** All parts are there, and the app takes one after the other. Making each when it is asked for would take twice the time. */
function streamAtOnce(parts: readonly Bytes[], signal: AbortSignal): ReadableStream<Uint8Array> {
  let end = () => {}
  return new ReadableStream(
    {
      start(controller) {
        for (const part of parts) controller.enqueue(part)
        const leave = () => controller.error(signal.reason)
        if (signal.aborted) return leave()
        signal.addEventListener('abort', leave, { once: true })
        end = () => signal.removeEventListener('abort', leave)
      },
      pull(controller) {
        end()
        controller.close()
      },
      cancel: () => end(),
    },
    { highWaterMark: 0 },
  )
}

function streamInTime(
  parts: readonly Bytes[],
  recorded: RecordedResponse,
  { timing, signal }: ReplayOptions,
): ReadableStream<Uint8Array> {
  const arrivals = new Arrivals(delaysOf(parts.length, recorded, timing))
  let next = 0
  let left = false
  const leave = (controller: ReadableStreamDefaultController) => {
    if (!left) controller.error(signal.reason)
    left = true
    arrivals.stop()
  }
  return new ReadableStream(
    {
      start(controller) {
        if (signal.aborted) leave(controller)
        else signal.addEventListener('abort', () => leave(controller), { once: true })
      },
      async pull(controller) {
        if (next < parts.length) await arrivals.until(next)
        if (left) return
        const part = parts[next++]
        if (part) return controller.enqueue(part)
        if (recorded.ended === 'aborted') await untilAborted(signal)
        if (left) return
        left = true
        if (isComplete(recorded)) controller.close()
        else controller.error(brokenOff(recorded.ended))
      },
      cancel() {
        left = true
        arrivals.stop()
      },
    },
    { highWaterMark: 0 },
  )
}

/** The error that reading a body throws when its connection breaks. */
function brokenOff(ended: RecordedResponse['ended']): TypeError {
  const reason =
    ended === 'aborted' ? 'the recording ends here, where the app stopped reading' : 'other side closed'
  return new TypeError('terminated', { cause: Object.assign(new Error(reason), { code: 'UND_ERR_SOCKET' }) })
}

/** Nothing came over the wire: what was recorded is that no connection could be made. */
function isNoResponse(recorded: RecordedResponse): boolean {
  return recorded.ended === 'error' && recorded.status === undefined && recorded.body === undefined
}

/** The error that `fetch` throws when it cannot connect. */
function notConnected(): TypeError {
  const cause = Object.assign(new Error('recorded: the connection failed'), { code: 'ECONNREFUSED' })
  return new TypeError('fetch failed', { cause })
}

function isComplete({ ended = 'complete' }: RecordedResponse): boolean {
  return ended === 'complete'
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    signal.addEventListener('abort', () => resolve(), { once: true })
    real.setTimeout(resolve, leaveTime).unref()
  })
}

/** What describes the bytes on the wire, which are others now. */
const wireHeaders = new Set(['content-encoding', 'content-length', 'transfer-encoding'])

/**
 * By their names in lower case; of the same name, both values. A plain object: `Headers` check each name and value, and are
 * copied by `Response`.
 */
function headersOf(recorded: RecordedResponse, timing: Timing): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  const stored = recorded.headers ?? { 'content-type': contentTypeOf(recorded) }
  for (const [name, value] of Object.entries(stored)) {
    const known = name.toLowerCase()
    if (!wireHeaders.has(known)) headers[known] = known in headers ? `${headers[known]}, ${value}` : value
  }
  if (timing !== 'recorded' && isRetried(recorded.status)) retryAtOnce(headers)
  return headers
}

/** For recordings that other tools wrote without headers. */
function contentTypeOf({ body, format, is_streaming }: RecordedResponse): string {
  if (format === 'ndjson') return 'application/x-ndjson'
  if (is_streaming) return 'text/event-stream; charset=utf-8'
  return typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json'
}

/** Anthropic's SDK takes a delay of 0 for none given and waits its default, so 1 ms is said in milliseconds as well. */
function retryAtOnce(headers: Record<string, string>): void {
  if ('retry-after' in headers) headers['retry-after'] = '0'
  headers['retry-after-ms'] = '1'
}

function isRetried(status = 200): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500
}

function isNullBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304
}
