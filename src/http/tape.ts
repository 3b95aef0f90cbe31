import { isLastEvent, sdkHeaders } from '../providers.ts'
import type { RecordedResponse } from '../cassette/schema.ts'
import { decodeBody } from '../wire/body.ts'
import { dataOf } from '../wire/sse.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Ended = NonNullable<RecordedResponse['ended']>

/** A call that is being recorded while the app reads its response. */
export interface RecordedCall {
  /** For the app: the provider's response, as it arrives. */
  response: Response
  /** Resolves once the stream has ended, however it ended. */
  recorded: Promise<RecordedResponse>
  /** Reads what the app has left unread, for a short time, so that `recorded` resolves. */
  finish: () => void
}

// The test may replace the clock (`vi.useFakeTimers()`).
const real = { setTimeout, clearTimeout, now: performance.now.bind(performance) }
/** How long the provider may take to end a stream that the app has left, in ms, before it counts as aborted. */
const graceTime = 300

/**
 * Sends a request to the provider and records the response as the app reads it.
 *
 * The provider's stream has one reader, this one: an unread branch of a `tee()` would stop the app (openai 7 awaits
 * the cancellation of the body after `[DONE]`) and would hide that the app has stopped reading.
 *
 * @param signal the request's
 * @throws what `send` throws
 */
export async function recordCall(
  send: (signal: AbortSignal) => Promise<Response>,
  signal: AbortSignal,
): Promise<RecordedCall> {
  const upstream = new AbortController()
  const abort = () => upstream.abort(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  const started = real.now()
  const response = await send(upstream.signal)
  const tape = new Tape(response, started)
  const body = response.body
    ? tapedStream(response.body, tape, { app: signal, upstream })
    : tape.end('complete')
  return {
    response: new Response(body ?? null, {
      status: response.status,
      statusText: response.statusText,
      headers: withoutWireHeaders(response.headers),
    }),
    recorded: tape.recorded.promise,
    finish: () => tape.leave?.(),
  }
}

interface Sides {
  app: AbortSignal
  upstream: AbortController
}

function tapedStream(
  source: ReadableStream<Bytes>,
  tape: Tape,
  { app, upstream }: Sides,
): ReadableStream<Bytes> {
  const reader = source.getReader()
  /** One chunk onto the tape; `undefined` at the end, however it came. Never rejects. */
  const read = async (): Promise<Bytes | undefined> => {
    try {
      const { done, value } = await reader.read()
      if (!done) tape.add(value)
      else tape.end('complete')
      return value
    } catch (error) {
      tape.end(app.aborted ? 'aborted' : 'error', error)
      return undefined
    }
  }
  // The app has stopped reading. Where the stream is at its end but for the closing of the socket, it is complete.
  tape.leave = once(() => {
    if (tape.isComplete()) tape.end('complete')
    const giveUp = real.setTimeout(() => tape.end('aborted'), graceTime)
    void (async () => {
      while (!tape.ended) if ((await read()) === undefined) break
    })()
    void tape.recorded.promise.then(() => {
      real.clearTimeout(giveUp)
      upstream.abort()
    })
  })
  return new ReadableStream<Bytes>(
    {
      start(controller) {
        app.addEventListener(
          'abort',
          () => {
            tape.end(tape.isComplete() ? 'complete' : 'aborted')
            controller.error(app.reason)
          },
          { once: true },
        )
      },
      async pull(controller) {
        const chunk = await read()
        if (app.aborted) return
        if (chunk) controller.enqueue(chunk)
        else if (tape.ended === 'error') controller.error(tape.failure)
        else controller.close()
      },
      cancel() {
        // Not awaited: openai 7 waits for it before it hands the last chunk's result to the app.
        tape.leave?.()
      },
    },
    { highWaterMark: 0 },
  )
}

/** What came over the wire, and when. */
class Tape {
  readonly recorded = Promise.withResolvers<RecordedResponse>()
  ended: Ended | undefined
  failure: unknown
  leave: (() => void) | undefined
  private readonly chunks: { bytes: Bytes; at: number }[] = []
  private readonly response: Response
  private readonly started: number

  constructor(response: Response, started: number) {
    this.response = response
    this.started = started
  }

  add(bytes: Bytes): void {
    // A copy: the app may change its chunk, or hand it to a stream of bytes, which takes its memory over.
    if (!this.ended) this.chunks.push({ bytes: bytes.slice(), at: real.now() })
  }

  end(ended: Ended, failure?: unknown): undefined {
    if (this.ended) return
    this.ended = ended
    this.failure = failure
    const { recorded, lengths } = this.decode()
    this.recorded.resolve({
      status: this.response.status,
      headers: storedHeaders(this.response.headers),
      ...recorded,
      timing: this.timing(lengths),
      ended,
    })
  }

  /** Whether the last event of the stream is there, as its API marks it. */
  isComplete(): boolean {
    const { body, is_streaming } = this.decode().recorded
    return (
      is_streaming === true && Array.isArray(body) && body.slice(-3).some(item => isLastEvent(dataOf(item)))
    )
  }

  private decode(): ReturnType<typeof decodeBody> {
    const bytes = new Uint8Array(Buffer.concat(this.chunks.map(chunk => chunk.bytes)))
    return decodeBody(bytes, this.response.headers.get('content-type') ?? '')
  }

  /** Whole milliseconds before each part, whose time is that of the chunk that brought its last byte. */
  private timing(lengths: readonly number[]): number[] {
    const timing: number[] = []
    let [chunk, received, needed, last] = [0, this.chunks[0]?.bytes.byteLength ?? 0, 0, this.started]
    for (const length of lengths) {
      needed += length
      while (received < needed && chunk + 1 < this.chunks.length)
        received += this.chunks[++chunk]!.bytes.byteLength
      const at = this.chunks[chunk]?.at ?? last
      timing.push(Math.round(at - last))
      last = at
    }
    return timing
  }
}

/** Response headers that are stored: what clients act upon, nothing about the account. */
const stored = /^(?:content-type|retry-after(?:-ms)?|x-should-retry|request-id|x-request-id)$/

function storedHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => stored.test(name) || sdkHeaders.test(name)))
}

/** The body is decoded by now, and its length is not known before its end. */
function withoutWireHeaders(headers: Headers): Headers {
  const kept = new Headers(headers)
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) kept.delete(name)
  return kept
}

function once(work: () => void): () => void {
  let done = false
  return () => {
    if (!done) work()
    done = true
  }
}
