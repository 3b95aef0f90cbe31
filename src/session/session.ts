import { identityOf } from '../cassette/identity.ts'
import { explainHttp2 } from '../explain/http2.ts'
import type { Miss } from '../explain/miss.ts'
import { isSameKey, keyOf } from '../match/key.ts'
import { Player, type PlayScope } from '../match/play.ts'
import type { Index } from '../match/recording-index.ts'
import type { Recording } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import type { Received } from '../http/received.ts'
import { refuse } from '../http/refuse.ts'
import { replayResponse } from '../http/replay.ts'
import {
  readRequest,
  receiveBody,
  recordedRequest,
  recordedUrl,
  type SentRequest,
} from '../http/read-request.ts'
import { connectionError } from '../http/upstream.ts'
import { redactRequest } from '../redact/recording.ts'
import { Redactor } from '../redact/redactor.ts'
import { locate, type Location } from '../store/locate.ts'
import { saveCassette, type Change } from '../store/save.ts'
import { OpenCall, type Call, type Cassette } from './call.ts'
import { isLlmCall } from './coverage.ts'
import { indexOf, notTooDeep } from './library.ts'
import { Misses } from './misses.ts'
import type { ResolvedMode } from './mode.ts'
import type { CassetteOptions } from './options.ts'
import {
  missingKeyOf,
  removePlaceholderCredentials,
  setPlaceholderCredentials,
} from '../process/environment.ts'
import { Recorder } from './recorder.ts'
import type { SessionReport } from './report.ts'

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
  /** The stack at which the cassette was asked for: where a miss is shown. */
  stack?: () => string
  /** Asked when it is needed first: Vitest knows whether it runs in CI only once a test has started. */
  resolveMode: () => ResolvedMode
}

/** One cassette in use by one scope: answers its calls, and saves what was recorded when the scope ends. */
export class Session implements Cassette {
  readonly name: string
  readonly calls: OpenCall[] = []
  /** Whether its calls are likely to go to their provider. */
  readonly willSend: boolean
  private readonly location: Location
  private readonly options: SessionOptions
  private readonly owner: Owner
  private readonly redactor: Redactor
  private readonly index: Index
  private readonly player: Player
  private readonly misses: Misses
  private readonly failures: unknown[] = []
  private readonly recorder: Recorder
  private resolved: ResolvedMode | undefined
  private closed = false
  private saved: readonly Recording[] = []
  private written: Record<string, string> = {}
  private tokens = 0

  /** @throws {CassetteError} `bad-name`, `bad-cassette` */
  constructor(name: string, options: SessionOptions, owner: Owner) {
    this.name = name
    this.options = options
    this.owner = owner
    this.location = locate(options.dir, name)
    this.redactor = new Redactor(options.redact ?? {}, process.env)
    this.index = indexOf(this.location, options.match ?? {}, this.redactor)
    this.player = new Player(this.index, { ...owner, repeat: options.repeat })
    const { recordErrors } = options
    this.recorder = new Recorder({ file: this.path, test: owner.test, redactor: this.redactor, recordErrors })
    this.misses = new Misses({
      file: this.path,
      root: options.root,
      stack: options.stack,
      place: () => ({
        test: owner.test,
        command: owner.command,
        name,
        mode: this.mode,
        modeReason: this.modeReason,
      }),
      index: this.index,
      player: this.player,
      redactor: this.redactor,
    })
    // Asked, not kept: outside of the plugin, CI is known for certain only once the test runs.
    const { mode } = options.resolveMode()
    if (mode === 'replay') setPlaceholderCredentials(process.env)
    else removePlaceholderCredentials(process.env)
    this.willSend = mode === 'auto' ? this.index.recordings.length === 0 : mode !== 'replay'
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

  get unplayed(): readonly Recording[] {
    const records = this.mode === 'record' || this.mode === 'live' || this.recorder.hasSent
    return records ? [] : this.player.left()
  }

  claims(url: URL): boolean {
    return isLlmCall(url, this.options)
  }

  /** Never rejects: a handler that throws would be a 500 to the app, which SDKs try again for seconds. */
  async answer(received: Received): Promise<Response> {
    if (this.closed)
      return refuse(received.request.url, `The scope of this call is over: ${this.owner.test ?? this.name}`)
    try {
      const sent = await receiveBody(received)
      return this.replayText(received, sent) ?? (await this.respond(received, sent))
    } catch (error) {
      if (received.signal.aborted) return connectionError(error)
      this.failures.push(error)
      const reason = error instanceof Error ? error.message : String(error)
      return refuse(received.request.url, this.redactor.text(reason))
    }
  }

  /** Such a call never gets here. It fails, and the scope with it, however the app takes it. */
  refuseHttp2(url: URL): CassetteError | undefined {
    if (!this.claims(url) || this.mode === 'live') return undefined
    const error = new CassetteError('http2', explainHttp2(url, this.misses.place()), { file: this.path })
    this.failures.push(error)
    return error
  }

  /**
   * Ends the session: waits until what is being recorded is there, and saves it.
   *
   * @throws {CassetteError} `miss` with every miss explained; `not-writable`, `bad-cassette`
   */
  async finish(passed: boolean): Promise<void> {
    this.closed = true
    const change = this.change(await this.recorder.finish(), passed)
    this.saved = change.add
    this.written = await saveCassette(this.location, change)
    this.tokens = this.countTokens()
    const missed = this.misses.error()
    if (missed) throw missed
    const [failure] = [...this.failures, ...this.recorder.failures]
    if (failure !== undefined) throw failure
  }

  /** What this session has done; whole once it is finished. */
  report(): SessionReport {
    const count = (outcome: Call['outcome']) => this.calls.filter(call => call.outcome === outcome).length
    const patterns = this.options.redact?.patterns ?? []
    return {
      file: this.path,
      replayed: count('replayed'),
      recorded: count('recorded'),
      missed: count('missed'),
      live: count('live'),
      tokens: this.tokens,
      used: [...this.player.played, ...this.saved].map(identityOf),
      written: this.written,
      patterns: Object.fromEntries(
        patterns.map(pattern => [String(pattern), this.redactor.matched.has(pattern)]),
      ),
      command: this.owner.command,
    }
  }

  /** Whether there may be a recording that answers. */
  private get mayReplay(): boolean {
    return this.mode === 'replay' || (this.mode === 'auto' && this.index.recordings.length > 0)
  }

  /** Most requests of a replay are, to the letter, what was recorded. */
  private replayText(received: Received, { method, url: given, text }: SentRequest): Response | undefined {
    if (text === undefined || !this.mayReplay) return undefined
    const url = recordedUrl(given)
    const known = this.index.answersToText({ method, url }, text)
    const answer = known && this.player.next(known.recordings)
    if (!answer || 'miss' in answer) return undefined
    // What a test sees of it is made when it looks.
    const request = () => redactRequest(recordedRequest({ method, url }, known.body), this.redactor)
    return this.replay(received, new OpenCall(request), answer.recording)
  }

  private respond(received: Received, sent: SentRequest): Response | Promise<Response> {
    const read = () => readRequest(sent, this.options.match?.headers)
    // The provider thinks while the request is read for the cassette.
    if (!this.mayReplay)
      return this.send(received, sent, new OpenCall(() => redactRequest(read(), this.redactor)))
    const recorded = read()
    const request = redactRequest(recorded, this.redactor)
    const call = new OpenCall(() => request)
    // A second look for secrets, as stored requests get it, finds none: of a megabyte it would take a while.
    const normalized =
      request === recorded ? this.index.normalizeClean(request) : this.index.normalize(request)
    const answer = this.player.next(this.index.answersTo(normalized))
    if ('recording' in answer) return this.replay(received, call, answer.recording)
    if (this.mode === 'replay') return this.miss(call, this.misses.explain(answer.miss, request, normalized))
    return this.send(received, sent, call)
  }

  private replay(received: Received, call: OpenCall, { response }: Recording): Response {
    this.calls.push(call)
    call.end('replayed', response)
    const { timing = 'instant' } = this.options
    const replayed = { timing, signal: received.signal }
    return notTooDeep(this.location, () => replayResponse(response, replayed))
  }

  private send(received: Received, { body }: SentRequest, call: OpenCall): Response | Promise<Response> {
    const store = this.mode !== 'live'
    const variable = store ? missingKeyOf(received.request) : undefined
    if (variable !== undefined) {
      const recordings = this.player.playable().length
      return this.miss(call, { kind: 'no-key', request: call.request, recordings, variable })
    }
    this.calls.push(call)
    return this.recorder.send(received, body, call, { store })
  }

  private miss(call: OpenCall, miss: Miss): Response {
    this.calls.push(call)
    call.outcome = 'missed'
    return refuse(miss.request.url, this.misses.add(miss))
  }

  /** Reads what was replayed, so that a body which is broken fails its test, whatever the app made of it. */
  private countTokens(): number {
    const replayed = this.calls.filter(call => call.outcome === 'replayed')
    try {
      return replayed.reduce((sum, { usage }) => sum + (usage?.totalTokens ?? 0), 0)
    } catch (error) {
      this.failures.push(error)
      return 0
    }
  }

  private change(add: readonly Recording[], passed: boolean): Change {
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
}
