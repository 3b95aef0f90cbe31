import type { RecordedResponse } from '../cassette/schema.ts'
import { Tape } from './tape.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A call that is being recorded while the app reads its response. */
export interface RecordedCall {
  /** For the app: the provider's response, as it arrives. */
  response: Response
  /** Resolves once the stream has ended, however it ended. */
  recorded: Promise<RecordedResponse>
  /** Waits no longer for the app: reads what it has left unread, which it still gets when it reads on. */
  finish: () => void
}

// The test may replace the clock (`vi.useFakeTimers()`).
const real = { setTimeout, clearTimeout, now: performance.now.bind(performance) }
/** How long the provider may take to end a stream that the app has left, in ms, before it counts as aborted. */
const graceTime = 300
/** How long the provider may take to end a stream once the scope is over, in ms, before it counts as aborted. */
const patience = 5_000

/**
 * Sends a request to the provider and records the response as the app reads it.
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
  const taped = response.body ? new TapedBody(response.body, tape, { app: signal, upstream }) : undefined
  if (!taped) tape.end('complete')
  return {
    response: new Response(taped?.stream ?? null, {
      status: response.status,
      statusText: response.statusText,
      headers: withoutWireHeaders(response.headers),
    }),
    recorded: tape.recorded.promise,
    finish: () => taped?.finish(),
  }
}

/** Who may abort: the app, its own request; and we, the request to the provider. */
interface Sides {
  app: AbortSignal
  upstream: AbortController
}

/**
 * The provider's stream on its way to the app, and onto a tape.
 *
 * It has one reader, this one: an unread branch of a `tee()` would stop the app (openai 7 awaits the cancellation of the
 * body after `[DONE]`) and would hide that the app has stopped reading.
 */
class TapedBody {
  readonly stream: ReadableStream<Bytes>
  private readonly reader: ReadableStreamDefaultReader<Bytes>
  private readonly tape: Tape
  private readonly sides: Sides
  /** Once this side reads ahead of the app: what the app has not read yet. */
  private ahead: Bytes[] | undefined
  private isOver = false
  private failure: { reason: unknown } | undefined
  private wake = () => {}

  constructor(source: ReadableStream<Bytes>, tape: Tape, sides: Sides) {
    this.reader = source.getReader()
    this.tape = tape
    this.sides = sides
    this.stream = new ReadableStream<Bytes>(
      {
        start: controller => this.endOnAbort(controller),
        pull: controller => this.pull(controller),
        // Not awaited: openai 7 waits for it before it hands the last chunk's result to the app.
        cancel: () => this.leave(),
      },
      { highWaterMark: 0 },
    )
  }

  finish(): void {
    this.readAhead()
    this.giveUpAfter(patience)
  }

  private async pull(controller: ReadableStreamDefaultController<Bytes>): Promise<void> {
    const chunk = this.ahead ? await this.takeAhead() : await this.read()
    if (this.sides.app.aborted) return
    if (chunk) controller.enqueue(chunk)
    else if (this.failure) controller.error(this.failure.reason)
    else controller.close()
  }

  /** Reads one chunk onto the tape; `undefined` at the end, however it came. Never rejects. */
  private async read(): Promise<Bytes | undefined> {
    try {
      const { done, value } = await this.reader.read()
      if (!done) this.tape.add(value)
      else this.tape.end('complete')
      this.isOver = done
      return value
    } catch (reason) {
      this.isOver = true
      this.failure = { reason }
      this.tape.end(this.sides.app.aborted ? 'aborted' : 'error')
      return undefined
    }
  }

  private readAhead(): void {
    if (this.ahead) return
    const ahead: Bytes[] = (this.ahead = [])
    void (async () => {
      while (!this.isOver) {
        const chunk = await this.read()
        if (chunk) ahead.push(chunk)
        this.wake()
      }
    })()
  }

  private async takeAhead(): Promise<Bytes | undefined> {
    while (this.ahead?.length === 0 && !this.isOver) await new Promise<void>(resolve => (this.wake = resolve))
    return this.ahead?.shift()
  }

  /** The app has stopped reading. Where the stream is at its end but for the closing of the socket, it is complete. */
  private leave(): void {
    if (this.tape.isComplete()) this.tape.end('complete')
    this.readAhead()
    this.giveUpAfter(graceTime)
    void this.tape.recorded.promise.then(() => {
      this.isOver = true
      this.sides.upstream.abort()
    })
  }

  private giveUpAfter(time: number): void {
    const giveUp = real.setTimeout(() => this.tape.end('aborted'), time)
    void this.tape.recorded.promise.then(() => real.clearTimeout(giveUp))
  }

  private endOnAbort(controller: ReadableStreamDefaultController<Bytes>): void {
    const { app } = this.sides
    const abort = () => {
      this.tape.end(this.tape.isComplete() ? 'complete' : 'aborted')
      controller.error(app.reason)
    }
    app.addEventListener('abort', abort, { once: true })
  }
}

/** The body is decoded by now, and its length is not known before its end. */
function withoutWireHeaders(headers: Headers): Headers {
  const kept = new Headers(headers)
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) kept.delete(name)
  return kept
}
