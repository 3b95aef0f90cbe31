import path from 'node:path'
import { explainMisses, type Miss } from '../cassette/miss.ts'
import { findNearest } from '../cassette/nearest.ts'
import { isSameKey, keyOf, type NormalizedRequest } from '../cassette/key.ts'
import { Player, type Index, type PlayScope } from '../cassette/play.ts'
import type { RecordedRequest, RecordedResponse, Recording } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import type { Received } from '../network/network.ts'
import { recordCall, type RecordedCall } from '../network/record.ts'
import { refuse } from '../network/refuse.ts'
import { replayResponse } from '../network/replay.ts'
import { readRequest, type ReadRequest } from '../network/request.ts'
import { connectionError, sendUpstream } from '../network/upstream.ts'
import { findSecrets, type FoundSecret } from '../redact/find-secrets.ts'
import { redactRequest, redactResponse } from '../redact/recording.ts'
import { Redactor } from '../redact/redactor.ts'
import { locate, type Location } from '../store/locate.ts'
import { saveCassette, type Change } from '../store/save.ts'
import { dataOf } from '../wire/sse.ts'
import type { Call, Cassette } from './call.ts'
import { isLlmCall } from './endpoints.ts'
import { indexOf, notTooDeep } from './library.ts'
import type { ResolvedMode } from './mode.ts'
import type { CassetteOptions } from './options.ts'
import { missingKeyOf } from './placeholder.ts'

/** Whose calls a session answers. */
export interface Owner extends PlayScope {
  /** `hooks` and `script` have no test: what they record belongs to no test either. */
  kind: 'test' | 'hooks' | 'script'
  /** The command that runs this test, or script, again. */
  command: string
}

export interface SessionOptions extends CassetteOptions {
  /** The cassette folder, absolute. */
  dir: string
  /** Paths in messages are relative to it. */
  root: string
  /** Asked when it is needed first: Vitest knows whether it runs in CI only once a test has started. */
  resolveMode: () => ResolvedMode
}

interface RedactedRequest extends ReadRequest {
  /** Whether nothing was taken out. */
  isClean: boolean
}

type Outcome = Call['outcome']
type MutableCall = { -readonly [Key in keyof Call]: Call[Key] }

// The test may replace the clock (`vi.setSystemTime()`).
const RealDate = Date

/** One cassette in use by one scope: answers its calls, and saves what was recorded when the scope ends. */
export class Session implements Cassette {
  readonly name: string
  readonly calls: MutableCall[] = []
  private readonly location: Location
  private readonly options: SessionOptions
  private readonly owner: Owner
  private readonly redactor: Redactor
  private readonly index: Index
  private readonly player: Player
  private readonly misses: Miss[] = []
  private readonly failures: unknown[] = []
  private readonly recordings: (Recording | undefined)[] = []
  private readonly running = new Set<RecordedCall>()
  private readonly work = new Set<Promise<void>>()
  private resolved: ResolvedMode | undefined

  /** @throws {CassetteError} `bad-name`, `bad-cassette` */
  constructor(name: string, options: SessionOptions, owner: Owner) {
    this.name = name
    this.options = options
    this.owner = owner
    this.location = locate(options.dir, name)
    this.redactor = new Redactor(options.redact ?? {}, process.env)
    this.index = indexOf(this.location, options.match ?? {}, this.redactor)
    this.player = new Player(this.index, { ...owner, repeat: options.repeat })
  }

  get path(): string {
    return this.location.path
  }

  get mode(): ResolvedMode['mode'] {
    return (this.resolved ??= this.options.resolveMode()).mode
  }

  get modeReason(): string {
    return (this.resolved ??= this.options.resolveMode()).reason
  }

  claims(url: URL): boolean {
    return isLlmCall(url, this.options)
  }

  /** Never rejects: a handler that throws would be a 500 to the app, which SDKs try again for seconds. */
  async answer(received: Received): Promise<Response> {
    try {
      const { recorded, body } = await readRequest(received, this.options.match?.headers)
      const redacted = redactRequest(recorded, this.redactor)
      return await this.respond(received, { body, recorded: redacted, isClean: redacted === recorded })
    } catch (error) {
      if (received.signal.aborted) return connectionError(error)
      this.failures.push(error)
      return refuse(received.request.url, error instanceof Error ? error.message : String(error))
    }
  }

  /**
   * Ends the session: waits until what is being recorded is there, and saves it.
   *
   * @throws {CassetteError} `miss` with every miss explained; `not-writable`, `bad-cassette`
   */
  async finish(passed: boolean): Promise<void> {
    for (const call of this.running) call.finish()
    await Promise.all(this.work)
    await saveCassette(this.location, this.change(passed))
    if (this.misses.length > 0) throw this.missError()
    if (this.failures.length > 0) throw this.failures[0]
  }

  private async respond(received: Received, read: RedactedRequest): Promise<Response> {
    const call: MutableCall = { request: read.recorded, outcome: 'live' }
    if (typeof read.recorded.model === 'string') call.model = read.recorded.model
    this.calls.push(call)
    if (this.mode === 'live') return this.send(received, read, call, false)
    // A second look for secrets, as stored requests get it, finds none: of a megabyte it would take a while.
    const normalized = read.isClean
      ? this.index.normalizeClean(read.recorded)
      : this.index.normalize(read.recorded)
    const answer = this.mode === 'record' ? ({ miss: 'unknown' } as const) : this.player.next(normalized)
    if ('recording' in answer) {
      end(call, 'replayed', answer.recording.response)
      const { timing = 'instant' } = this.options
      const replayed = { timing, signal: received.signal }
      return notTooDeep(this.location, () => replayResponse(answer.recording.response, replayed))
    }
    if (this.mode === 'replay') return this.miss(call, this.explain(answer.miss, read.recorded, normalized))
    const variable = missingKeyOf(received.request)
    if (variable === undefined) return this.send(received, read, call, true)
    const recordings = this.player.playable().length
    return this.miss(call, { kind: 'no-key', request: read.recorded, recordings, variable })
  }

  private miss(call: MutableCall, miss: Miss): Response {
    call.outcome = 'missed'
    this.misses.push(miss)
    return refuse(miss.request.url, this.explanation([miss]))
  }

  private explain(
    kind: 'exhausted' | 'unknown',
    request: RecordedRequest,
    normalized: NormalizedRequest,
  ): Miss {
    const playable = this.player.playable()
    const same = this.index.answersTo(normalized)
    const miss = { kind, request, recordings: playable.length }
    if (kind === 'exhausted')
      return { ...miss, played: same.filter(recording => this.player.played.has(recording)).length }
    return {
      ...miss,
      recordedFor: same[0]?.test,
      nearest: findNearest(this.index, normalized, request.body, playable),
    }
  }

  /** Passes a call on to the provider, while the app reads the response; keeps the recording if `store`. */
  private async send(
    { request, signal: left }: Received,
    { recorded, body }: ReadRequest,
    call: MutableCall,
    store: boolean,
  ): Promise<Response> {
    const slot = this.recordings.push(undefined) - 1
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
      end(call, stored ? 'recorded' : 'live', response)
      if (stored) this.recordings[slot] = this.recording(recorded, response)
    })
    this.work.add(done.catch((error: unknown) => void this.failures.push(error)))
    return running.response
  }

  /** @throws {CassetteError} `secret` */
  private recording(request: RecordedRequest, response: RecordedResponse): Recording {
    const recorded_at = new RealDate().toISOString().slice(0, 10)
    const test = this.owner.test === undefined ? {} : { test: this.redactor.text(this.owner.test) }
    const recording = { ...test, recorded_at, request, response: redactResponse(response, this.redactor) }
    const left = findSecrets(recording, this.redactor)
    if (left.length > 0) throw this.secretError(left)
    return recording
  }

  private secretError(found: readonly FoundSecret[]): CassetteError {
    const places = found.map(({ path, rule }) => `  ${path}: ${rule}`).join('\n')
    return new CassetteError(
      'secret',
      `Not recorded into ${this.path}: the call holds what looks like a secret, and it cannot be replaced safely there.\n` +
        `${places}\nKeep it out of the call.`,
      { file: this.path, path: found[0]!.path },
    )
  }

  private change(passed: boolean): Change {
    const add = this.recordings.filter(recording => recording !== undefined)
    if (this.mode === 'record') return passed ? { add, drop: this.replaced(add) } : { add: [], drop: [] }
    const tidy = passed && add.length > 0 && this.owner.kind === 'test'
    return { add, drop: tidy ? this.player.unplayed() : [] }
  }

  /** What a scope that recorded everything again leaves behind. Hooks share what has no test with everyone else. */
  private replaced(add: readonly Recording[]): Recording[] {
    const own = this.player.unplayed()
    if (this.owner.kind !== 'hooks') return own
    const keys = add.map(({ request }) => keyOf(this.index.normalize(request)))
    return own.filter(({ request }) => {
      const key = keyOf(this.index.normalize(request))
      return keys.some(other => isSameKey(key, other))
    })
  }

  private missError(): CassetteError {
    const nearest = this.misses.length === 1 ? this.misses[0]?.nearest : undefined
    const details = nearest && {
      expected: nearest.normalized,
      actual: this.index.normalize(this.misses[0]!.request),
    }
    return new CassetteError('miss', this.explanation(this.misses), {
      file: this.path,
      ...details,
    })
  }

  private explanation(misses: readonly Miss[]): string {
    return this.redactor.text(explainMisses(misses, this.place()))
  }

  private place() {
    const { test, command } = this.owner
    const cassette = path.relative(this.options.root, this.path).split(path.sep).join('/')
    return { test, cassette, name: this.name, mode: this.mode, modeReason: this.modeReason, command }
  }
}

function end(
  call: MutableCall,
  outcome: Outcome,
  { status = 200, headers = {}, ...response }: RecordedResponse,
): void {
  call.outcome = outcome
  const events = response.is_streaming && Array.isArray(response.body) ? response.body.map(dataOf) : []
  call.response = { status, headers, body: response.body, events }
}

/** Troubles that pass: with the key, with the load, with the provider. The next run may not have them. */
function isPassing(status: number): boolean {
  return [401, 403, 408, 409, 429].includes(status) || status >= 500
}
