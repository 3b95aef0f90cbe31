import { identityOf } from '../cassette/identity.ts'
import type { Recording } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import { explainHttp2 } from '../explain/http2.ts'
import type { Received } from '../http/received.ts'
import { refuse } from '../http/refuse.ts'
import { connectionError } from '../http/upstream.ts'
import { Player, type PlayScope } from '../match/play.ts'
import type { RecordingIndex } from '../match/recording-index.ts'
import { Redactor } from '../redact/redactor.ts'
import { locate, type Location } from '../store/locate.ts'
import { saveCassette } from '../store/save.ts'
import { Asked } from './asked.ts'
import { changeOf } from './change.ts'
import { CallLog, type CallEntry, type Cassette } from './call.ts'
import { isAside, isExcluded, isLlmCall } from './coverage.ts'
import { explainDepth, indexCassette } from './library.ts'
import { Misses } from './misses.ts'
import type { ResolvedMode } from './mode.ts'
import type { CassetteOptions } from './options.ts'
import { Recorder } from './recorder.ts'
import { Replayer } from './replayer.ts'
import type { SessionReport } from './report.ts'
import type { Source } from './source.ts'

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

// The test may replace the clock (`vi.useFakeTimers()`).
const real = { setTimeout }
/** How long the end of a scope waits for the answers to calls that nobody awaited, in ms. */
const patience = 5_000

/** One cassette in use by one scope: answers its calls, and saves what was recorded when the scope ends. */
export class Session implements Cassette {
  readonly name: string
  /** Whoever opens the session says in which async context it answers. */
  run: <Result>(work: () => Result) => Result = work => work()
  private readonly location: Location
  private readonly options: SessionOptions
  private readonly owner: Owner
  private readonly redactor: Redactor
  private readonly index: RecordingIndex
  private readonly log = new CallLog()
  private readonly player: Player
  private readonly misses: Misses
  private readonly replayer: Replayer
  private readonly recorder: Recorder
  private readonly failures: unknown[] = []
  private resolved: ResolvedMode | undefined
  private readonly answering = new Set<Promise<Response>>()
  private saved: readonly Recording[] = []
  private written: Record<string, string> = {}
  private tokens = 0

  /** @throws {CassetteError} `bad-name`, `bad-cassette` */
  constructor(name: string, options: SessionOptions, owner: Owner) {
    const { match = {}, redact = {}, repeat, timing, recordErrors, root, stack } = options
    this.name = name
    this.options = options
    this.owner = owner
    this.location = locate(options.dir, name)
    const file = this.path
    const calls = this.log
    const redactor = (this.redactor = new Redactor(redact, process.env))
    const index = (this.index = indexCassette(this.location, match, redactor))
    const playsOthers = () => this.mode === 'replay'
    const player = (this.player = new Player(index.recordings, { ...owner, repeat, playsOthers }))
    const context = () => this.context()
    const misses = (this.misses = new Misses({ file, root, stack, context, index, player, redactor, calls }))
    const isEmpty = index.recordings.length === 0
    this.replayer = new Replayer({ player, calls, timing, isEmpty })
    const isLive = () => this.mode === 'live'
    this.recorder = new Recorder({ file, test: owner.test, redactor, calls, misses, recordErrors, isLive })
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

  get calls(): readonly CallEntry[] {
    return this.log.entries
  }

  get unplayed(): readonly Recording[] {
    const records = this.mode === 'record' || this.mode === 'live' || this.recorder.hasSent
    return records ? [] : this.player.unplayed()
  }

  /** The mode as far as it is known before the first call: outside of the plugin, CI is known only once the test runs. */
  get expectedMode(): ResolvedMode['mode'] {
    return this.options.resolveMode().mode
  }

  /** Whether its calls are likely to go to their provider. */
  get willSend(): boolean {
    const mode = this.expectedMode
    return mode === 'auto' ? this.index.recordings.length === 0 : mode !== 'replay'
  }

  /** The test, or what else the calls belong to, as a person knows it. */
  get ownerName(): string {
    return this.owner.test ?? `${this.owner.kind} with the cassette ${this.name}`
  }

  covers(url: URL): boolean {
    return (
      isLlmCall(url, this.options) || (this.index.hosts.has(url.host) && !this.excludes(url) && !isAside(url))
    )
  }

  /** What may be covered besides the known APIs. */
  get coverage(): { include: readonly (string | RegExp)[]; hosts: readonly string[] } {
    return { include: this.options.include ?? [], hosts: [...this.index.hosts] }
  }

  excludes(url: URL): boolean {
    return isExcluded(url, this.options)
  }

  /** Whether a recording that answers this request is still to be played. */
  async canPlay(received: Received): Promise<boolean> {
    if (this.mode !== 'replay' && this.mode !== 'auto') return false
    await received.readBody()
    return this.player.canPlay(this.ask(received).recordings)
  }

  /** Whether the other one reads and writes the same cassette in the same way. */
  sharesCassette(other: Session): boolean {
    return this.path === other.path && this.mode === other.mode
  }

  /** Lets the scope fail at its end. */
  fail(error: CassetteError): void {
    this.failures.push(error)
  }

  /**
   * Never rejects: a handler that throws would be a 500 to the app, which SDKs try again for seconds.
   *
   * @param isOwned whether what is recorded is to belong to the test of this session
   */
  answer(received: Received, { isOwned = true } = {}): Promise<Response> {
    const answering = this.answerOrRefuse(received, isOwned)
    this.answering.add(answering)
    void answering.then(() => this.answering.delete(answering))
    return answering
  }

  /** Such a call is never answered. It fails, and the scope with it, however the app takes it. */
  refuseHttp2(url: URL): CassetteError | undefined {
    if (!this.covers(url) || this.mode === 'live') return undefined
    const error = new CassetteError('http2', explainHttp2(url, this.misses.context()), { file: this.path })
    this.failures.push(error)
    return error
  }

  /**
   * Ends the session: waits until what is being recorded is there, and saves it.
   *
   * @throws {CassetteError} `miss` with every miss explained; `not-writable`, `bad-cassette`
   */
  async finish(passed: boolean): Promise<void> {
    await this.untilAnswered()
    const { mode, owner, player, index } = this
    const change = changeOf(await this.recorder.finish(), { mode, passed, kind: owner.kind, player, index })
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
    const { redact: { patterns = [] } = {} } = this.options
    return {
      file: this.path,
      replayed: this.log.count('replayed'),
      recorded: this.log.count('recorded'),
      missed: this.log.count('missed'),
      live: this.log.count('live'),
      tokens: this.tokens,
      used: [...this.player.played, ...this.saved].map(identityOf),
      written: this.written,
      patterns: Object.fromEntries(
        patterns.map(pattern => [String(pattern), this.redactor.matched.has(pattern)]),
      ),
      command: this.owner.command,
    }
  }

  private async answerOrRefuse(received: Received, isOwned: boolean): Promise<Response> {
    try {
      await received.readBody()
      return await this.askSources(this.ask(received, isOwned))
    } catch (thrown) {
      if (received.signal.aborted) return connectionError(thrown)
      const error = explainDepth(thrown, this.location)
      this.failures.push(error)
      const message = error instanceof Error ? error.message : String(error)
      return refuse(received.request.url, this.redactor.text(message))
    }
  }

  private ask(received: Received, isOwned = true): Asked {
    const { index, redactor } = this
    return new Asked(received, { index, redactor, headers: this.options.match?.headers, isOwned })
  }

  private async askSources(asked: Asked): Promise<Response> {
    for (const source of this.sources()) {
      const response = source.answer(asked)
      if (response) return response
    }
    return this.misses.refuse(asked)
  }

  /** Calls that nobody awaited are answered too, as long as their provider does not take too long. */
  private async untilAnswered(): Promise<void> {
    if (this.answering.size === 0) return
    const timeIsUp = new Promise(resolve => real.setTimeout(resolve, patience).unref())
    await Promise.race([Promise.all(this.answering), timeIsUp])
  }

  /** What may answer a call, in the order in which it is asked. */
  private sources(): readonly Source[] {
    if (this.mode === 'replay') return [this.replayer]
    return this.mode === 'auto' ? [this.replayer, this.recorder] : [this.recorder]
  }

  private context() {
    const { name, mode, modeReason } = this
    const { test, command } = this.owner
    return { name, mode, modeReason, test, command }
  }

  private countTokens(): number {
    const replayed = this.calls.filter(call => call.outcome === 'replayed')
    return replayed.reduce((sum, { usage }) => sum + (usage?.totalTokens ?? 0), 0)
  }
}
