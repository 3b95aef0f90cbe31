import { keyOf, normalizeRequest, type NormalizedRequest } from './key.ts'
import { requestsOf } from './llama-stack.ts'
import type { MatchOptions } from './normalize.ts'
import type { RecordedRequest, Recording } from './schema.ts'

/** Who plays: the test that a scope belongs to, and its neighbours. */
export interface PlayScope {
  /** The full name of the test; absent in hooks and scripts. */
  test?: string | undefined
  /** Whether this name is another test that exists: what was recorded for it is not played here. */
  isOtherTest?: (name: string) => boolean
  /** The last recording of a key answers for ever. Default: each plays once. */
  repeat?: boolean | undefined
}

/** What a cassette says to a request: a recording; or none, because all of this key are played, or none ever was. */
export type Answer = { recording: Recording } | { miss: 'exhausted' | 'unknown' }

/** The recordings of a cassette by their key. Computed once, shared by every scope that plays them. */
export class Index {
  readonly recordings: readonly Recording[]
  private readonly match: MatchOptions
  private readonly redact: (request: RecordedRequest) => RecordedRequest
  private readonly byKey = new Map<string, Recording[]>()
  private hasAnyHost = false

  /** @param redact takes secrets out of a request, as it was done before it was recorded */
  constructor(
    recordings: readonly Recording[],
    match: MatchOptions,
    redact: (request: RecordedRequest) => RecordedRequest,
  ) {
    this.recordings = recordings
    this.match = match
    this.redact = redact
    for (const recording of recordings)
      for (const request of requestsOf(recording)) {
        const normalized = this.normalize(request)
        const key = keyOf(normalized)
        if (normalized.host === undefined) this.hasAnyHost = true
        const same = this.byKey.get(key)
        if (same) same.push(recording)
        else this.byKey.set(key, [recording])
      }
  }

  normalize(request: RecordedRequest): NormalizedRequest {
    return normalizeRequest(this.redact(request), this.match)
  }

  /** The recordings that answer this request, in file order. */
  answersTo(request: NormalizedRequest): readonly Recording[] {
    const { host, ...anyHost } = request
    const own = this.byKey.get(keyOf(request)) ?? []
    if (host === undefined || !this.hasAnyHost) return own
    return [...own, ...(this.byKey.get(keyOf(anyHost)) ?? [])]
  }
}

/**
 * The order of play within one scope: first what this test recorded, in that order; then what belongs to no test, or
 * to one that is gone. Each recording plays once.
 */
export class Player {
  readonly played = new Set<Recording>()
  private readonly index: Index
  private readonly scope: PlayScope

  constructor(index: Index, scope: PlayScope) {
    this.index = index
    this.scope = scope
  }

  next(request: NormalizedRequest): Answer {
    const candidates = this.candidates(request)
    const recording = candidates.find(candidate => !this.played.has(candidate))
    const last = candidates.at(-1)
    if (!last) return { miss: 'unknown' }
    if (!recording) return this.scope.repeat ? { recording: last } : { miss: 'exhausted' }
    this.played.add(recording)
    return { recording }
  }

  /** The recordings of this scope's test that no request asked for. */
  unplayed(): Recording[] {
    return this.index.recordings.filter(recording => this.isOwn(recording) && !this.played.has(recording))
  }

  /** What is still to come: of this scope's test, or, where nothing was recorded for it, of all that it may play. */
  left(): Recording[] {
    const own = this.index.recordings.some(recording => this.isOwn(recording))
    return own ? this.unplayed() : this.playable().filter(recording => !this.played.has(recording))
  }

  /** Those that this scope may play. */
  playable(): Recording[] {
    return this.index.recordings.filter(recording => this.isOwn(recording) || this.isFree(recording))
  }

  private candidates(request: NormalizedRequest): Recording[] {
    const same = this.index.answersTo(request)
    return [
      ...same.filter(recording => this.isOwn(recording)),
      ...same.filter(recording => !this.isOwn(recording) && this.isFree(recording)),
    ]
  }

  private isOwn(recording: Recording): boolean {
    return recording.test === this.scope.test
  }

  private isFree(recording: Recording): boolean {
    return recording.test === undefined || !this.scope.isOtherTest?.(recording.test)
  }
}
