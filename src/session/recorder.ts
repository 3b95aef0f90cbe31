import type { RecordedRequest, RecordedResponse, Recording } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import type { Received } from '../http/received.ts'
import { recordCall, type RecordedCall } from '../http/tape.ts'
import type { SentRequest } from '../http/read-request.ts'
import { connectionError, sendUpstream } from '../http/upstream.ts'
import { findSecrets, type FoundSecret } from '../redact/find-secrets.ts'
import { redactResponse } from '../redact/recording.ts'
import type { Redactor } from '../redact/redactor.ts'
import type { OpenCall } from './call.ts'

/** For whom, and how, calls are recorded. */
export interface RecorderOptions {
  /** The cassette, as errors name it. */
  file: string
  /** The test that recordings are to belong to. */
  test: string | undefined
  redactor: Redactor
  recordErrors: boolean | undefined
}

// The test may replace the clock (`vi.setSystemTime()`).
const RealDate = Date

/** Passes calls on to their provider, and keeps what the app has got from it, in the order of the calls. */
export class Recorder {
  /** Why recordings could not be kept. */
  readonly failures: unknown[] = []
  private readonly slots: (Recording | undefined)[] = []
  private readonly running = new Set<RecordedCall>()
  private readonly work = new Set<Promise<void>>()
  private readonly options: RecorderOptions

  constructor(options: RecorderOptions) {
    this.options = options
  }

  get hasSent(): boolean {
    return this.slots.length > 0
  }

  /** @returns the provider's response, as it arrives; kept as a recording if `store` */
  async send(
    { request, signal: left }: Received,
    body: SentRequest['body'],
    call: OpenCall,
    { store }: { store: boolean },
  ): Promise<Response> {
    const slot = this.slots.push(undefined) - 1
    let running: RecordedCall
    try {
      running = await recordCall(signal => sendUpstream(request, body, signal), left)
    } catch (error) {
      return connectionError(error)
    }
    this.running.add(running)
    const done = running.recorded.then(response => {
      this.running.delete(running)
      const stored = store && (this.options.recordErrors === true || !isPassing(response.status ?? 200))
      call.end(stored ? 'recorded' : 'live', response)
      if (stored) this.slots[slot] = this.recording(call.request, response)
    })
    this.work.add(done.catch((error: unknown) => void this.failures.push(error)))
    return running.response
  }

  /** What was recorded, once all of it is there: what the app has left unread is waited for a short time. */
  async finish(): Promise<Recording[]> {
    for (const call of this.running) call.finish()
    await Promise.all(this.work)
    return this.slots.filter(recording => recording !== undefined)
  }

  /** @throws {CassetteError} `secret` */
  private recording(request: RecordedRequest, response: RecordedResponse): Recording {
    const { test, redactor } = this.options
    const recorded_at = new RealDate().toISOString().slice(0, 10)
    const belongs = test === undefined ? {} : { test: redactor.text(test) }
    const recording = { ...belongs, recorded_at, request, response: redactResponse(response, redactor) }
    const left = findSecrets(recording, redactor)
    if (left.length > 0) throw this.secretError(left)
    return recording
  }

  private secretError(found: readonly FoundSecret[]): CassetteError {
    const { file } = this.options
    const places = found.map(({ path, rule }) => `  ${path}: ${rule}`).join('\n')
    return new CassetteError(
      'secret',
      `Not recorded into ${file}: the call holds what looks like a secret, and it cannot be replaced safely there.\n` +
        `${places}\nKeep it out of the call.`,
      { file, path: found[0]!.path },
    )
  }
}

/** Troubles that pass: with the key, with the load, with the provider. The next run may not have them. */
function isPassing(status: number): boolean {
  return [401, 403, 408, 409, 429].includes(status) || status >= 500
}
