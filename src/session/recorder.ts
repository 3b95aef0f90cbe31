import type { RecordedResponse, Recording } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import { missingKeyOf } from '../http/placeholder.ts'
import { recordCall, type RecordedCall } from '../http/record-call.ts'
import { connectionError, sendUpstream } from '../http/upstream.ts'
import { findSecrets, type FoundSecret } from '../redact/find-secrets.ts'
import { redactResponse } from '../redact/recording.ts'
import type { Redactor } from '../redact/redactor.ts'
import type { Asked } from './asked.ts'
import type { CallLog } from './call.ts'
import type { Misses } from './misses.ts'
import type { Source } from './source.ts'

/** For whom, and how, calls are recorded. */
export interface RecorderOptions {
  /** The cassette, as errors name it. */
  file: string
  /** The test that recordings are to belong to. */
  test: string | undefined
  redactor: Redactor
  calls: CallLog
  misses: Misses
  recordErrors: boolean | undefined
  /** Whether calls are only passed on, and not kept. */
  isLive: () => boolean
}

// The test may replace the clock (`vi.setSystemTime()`).
const RealDate = Date

/** Passes calls on to their provider, and keeps what the app has got from it, in the order of the calls. */
export class Recorder implements Source {
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

  /** @returns the provider's response, as it arrives */
  answer(asked: Asked): Response | Promise<Response> {
    const variable = missingKeyOf(asked.received.request)
    return variable === undefined ? this.send(asked) : this.options.misses.refuseWithoutKey(asked, variable)
  }

  /** What was recorded, once all of it is there: what the app has left unread is waited for a short time. */
  async finish(): Promise<Recording[]> {
    for (const call of this.running) call.finish()
    await Promise.all(this.work)
    return this.slots.filter(recording => recording !== undefined)
  }

  private async send(asked: Asked): Promise<Response> {
    const { request, body, signal: left } = asked.received
    const entry = this.options.calls.add(asked)
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
      const isStored = this.stores(response)
      entry.end(isStored ? 'recorded' : 'live', response)
      if (isStored) this.slots[slot] = this.recording(asked, response)
    })
    this.work.add(done.catch((error: unknown) => void this.failures.push(error)))
    return running.response
  }

  private stores({ status = 200 }: RecordedResponse): boolean {
    const { isLive, recordErrors } = this.options
    return !isLive() && (recordErrors === true || !isTransient(status))
  }

  /** @throws {CassetteError} `secret` */
  private recording({ request, isOwned }: Asked, response: RecordedResponse): Recording {
    const { test, redactor } = this.options
    const recorded_at = new RealDate().toISOString().slice(0, 10)
    const belongs = test === undefined || !isOwned ? {} : { test: redactor.text(test) }
    const recording = { ...belongs, recorded_at, request, response: redactResponse(response, redactor) }
    const left = findSecrets(recording, redactor)
    if (left.length > 0) throw this.secretError(left)
    return recording
  }

  private secretError(found: readonly FoundSecret[]): CassetteError {
    const { file } = this.options
    const lines = found.map(({ path, rule }) => `  ${path}: ${rule}`).join('\n')
    return new CassetteError(
      'secret',
      `Not recorded into ${file}: the call holds what looks like a secret, and it cannot be replaced safely there.\n` +
        `${lines}\nKeep it out of the call.`,
      { file, path: found[0]!.path },
    )
  }
}

/** Statuses of troubles with the key, the load or the provider, which the next run may not have. */
function isTransient(status: number): boolean {
  return [401, 403, 408, 409, 429].includes(status) || status >= 500
}
