import type { RecordedRequest, Recording } from '../cassette/schema.ts'
import { readRequest } from '../http/read-request.ts'
import type { Received } from '../http/received.ts'
import { withoutCredentials } from '../match/address.ts'
import type { NormalizedRequest } from '../match/key.ts'
import type { RecordingIndex } from '../match/recording-index.ts'
import { redactRequest } from '../redact/recording.ts'
import type { Redactor } from '../redact/redactor.ts'

/** What a session needs to understand a request. */
export interface AskedOptions {
  index: RecordingIndex
  redactor: Redactor
  /** The request headers that count. */
  headers: readonly string[] | undefined
  /** Whether the request is known to be the test's own, so that it is recorded for that test. */
  isOwned: boolean
}

/**
 * One request of a session, in each form that it takes: as received, as it is recorded, normalized, and as the recordings
 * of its key. Each form is made when a source asks for it, and once.
 */
export class Asked {
  readonly received: Received
  /** Why the recordings of its key did not answer it. */
  miss: 'exhausted' | 'unknown' = 'unknown'
  private readonly options: AskedOptions
  private read: { request: RecordedRequest; isClean: boolean } | undefined
  private found: readonly Recording[] | undefined

  constructor(received: Received, options: AskedOptions) {
    this.received = received
    this.options = options
  }

  get isOwned(): boolean {
    return this.options.isOwned
  }

  /** As it is, or would be, recorded. */
  get request(): RecordedRequest {
    return this.readOnce().request
  }

  get normalized(): NormalizedRequest {
    const { request, isClean } = this.readOnce()
    const { index } = this.options
    // A second look for secrets, as stored requests get it, finds none where the first found none: of a megabyte it takes 1 ms.
    return isClean ? index.normalizeClean(request) : index.normalize(request)
  }

  /** All recordings of its key. */
  get recordings(): readonly Recording[] {
    return (this.found ??= this.findByText() ?? this.options.index.find(this.normalized))
  }

  private findByText(): readonly Recording[] | undefined {
    const { request, text } = this.received
    const { method, url } = request
    return text === undefined
      ? undefined
      : this.options.index.findText({ method, url: withoutCredentials(url), body: text })
  }

  private readOnce(): { request: RecordedRequest; isClean: boolean } {
    if (this.read) return this.read
    const { redactor, headers } = this.options
    const received = readRequest(this.received, headers)
    const request = redactRequest(received, redactor)
    return (this.read = { request, isClean: request === received })
  }
}
