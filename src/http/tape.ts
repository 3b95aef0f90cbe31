import type { RecordedResponse } from '../cassette/schema.ts'
import { isLastEvent, sdkHeaders } from '../providers.ts'
import { decodeBody } from '../wire/body.ts'
import { dataOf } from '../wire/sse.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Ended = NonNullable<RecordedResponse['ended']>

// The test may replace the clock (`vi.useFakeTimers()`).
const real = { now: performance.now.bind(performance) }

/** What came over the wire, and when. */
export class Tape {
  readonly recorded = Promise.withResolvers<RecordedResponse>()
  ended: Ended | undefined
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

  end(ended: Ended): void {
    if (this.ended) return
    this.ended = ended
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
