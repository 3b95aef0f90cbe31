import { isSameKey, keyOf, RequestNormalizer, type Key, type NormalizedRequest, type Place } from './key.ts'
import { requestsOf } from './llama-stack.ts'
import { mayNormalize, type MatchOptions } from './normalize.ts'
import { jsonForFingerprint, fingerprintOf } from './fingerprint.ts'
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

/** Takes secrets out of requests, as it was done before they were recorded. */
export interface Redaction {
  redact(request: RecordedRequest): RecordedRequest
  /** Whether there may be anything to take out. */
  suspects(text: string): boolean
}

/** The recordings that answer requests of one key, in file order. */
interface Group {
  key: Key
  recordings: Recording[]
  /** With those that answer on any host. */
  everywhere?: readonly Recording[]
}

interface Stored {
  request: RecordedRequest
  recording: Recording
}

const none: readonly Recording[] = []

/**
 * The recordings of a cassette by their key. Computed once, shared by every scope that plays them.
 *
 * A key takes 15 µs, for 10,000 recordings half the time that it takes to read them. So they are sorted by a fingerprint that
 * takes 3, and only those whose fingerprint is that of a request get a key.
 */
export class Index {
  readonly recordings: readonly Recording[]
  private readonly redaction: Redaction
  private readonly normalizer: RequestNormalizer
  private readonly byFingerprint = new Map<number, Stored[]>()
  /** Of the prints that were asked for. */
  private readonly groups = new Map<number, Group[]>()
  private hasAnyHost = false

  constructor(recordings: readonly Recording[], match: MatchOptions, redaction: Redaction) {
    this.recordings = recordings
    this.redaction = redaction
    this.normalizer = new RequestNormalizer(match)
    for (const recording of recordings)
      for (const request of requestsOf(recording)) {
        const fingerprint = this.fingerprintOf(request)
        const alike = this.byFingerprint.get(fingerprint)
        if (alike) alike.push({ request, recording })
        else this.byFingerprint.set(fingerprint, [{ request, recording }])
      }
  }

  normalize(request: RecordedRequest): NormalizedRequest {
    return this.normalizeClean(this.redaction.redact(request))
  }

  /** For a request in which nothing is to be taken out. */
  normalizeClean(request: RecordedRequest): NormalizedRequest {
    return this.normalizer.normalize(request)
  }

  placeOf({ url }: RecordedRequest): Place {
    return this.normalizer.placeOf(url)
  }

  /** The recordings that answer this request, in file order; for each request of the same key the same array. */
  answersTo(request: NormalizedRequest): readonly Recording[] {
    const own = this.groupOf(request)
    const { host, ...anywhere } = request
    const other = host === undefined || !this.hasAnyHost ? undefined : this.groupOf(anywhere)
    if (!own || !other) return (own ?? other)?.recordings ?? none
    return (own.everywhere ??= [...own.recordings, ...other.recordings])
  }

  /** The fingerprint of a stored request. Most are as normalizing leaves them, which need not be done then. */
  private fingerprintOf({ method, ...request }: RecordedRequest): number {
    const place = this.normalizer.placeOf(request.url)
    if (place.host === undefined) this.hasAnyHost = true
    const texts: string[] = []
    const json = jsonForFingerprint(request.body, texts)
    if (this.isNormalized([request.url, json, ...texts]))
      return fingerprintOf({ method: method.toUpperCase(), ...place }, json)
    const normalized = this.normalize({ method, ...request })
    return fingerprintOf(normalized, jsonForFingerprint(normalized.body))
  }

  private isNormalized(texts: readonly string[]): boolean {
    return (
      !this.normalizer.changesBodies &&
      texts.every(text => !mayNormalize.test(text) && !this.redaction.suspects(text))
    )
  }

  private groupOf(request: NormalizedRequest): Group | undefined {
    const fingerprint = fingerprintOf(request, jsonForFingerprint(request.body))
    const alike = this.byFingerprint.get(fingerprint)
    if (!alike) return undefined
    const groups = this.groups.get(fingerprint) ?? this.groupsOf(alike)
    this.groups.set(fingerprint, groups)
    const key = keyOf(request)
    return groups.find(group => isSameKey(group.key, key))
  }

  private groupsOf(alike: readonly Stored[]): Group[] {
    const groups: Group[] = []
    for (const { request, recording } of alike) {
      const key = keyOf(this.normalize(request))
      const group = groups.find(other => isSameKey(other.key, key))
      if (group) group.recordings.push(recording)
      else groups.push({ key, recordings: [recording] })
    }
    return groups
  }
}

/** Recordings that answer the same request, in the order in which a scope plays them. */
interface Queue {
  recordings: readonly Recording[]
  /** How many of them are played. */
  played: number
}

/**
 * The order of play within one scope: first what this test recorded, in that order; then what belongs to no test, or
 * to one that is gone. Each recording plays once.
 */
export class Player {
  readonly played = new Set<Recording>()
  private readonly index: Index
  private readonly scope: PlayScope
  private readonly queues = new Map<readonly Recording[], Queue>()

  constructor(index: Index, scope: PlayScope) {
    this.index = index
    this.scope = scope
  }

  next(request: NormalizedRequest): Answer {
    const queue = this.queueOf(request)
    // One of a dump may answer several requests.
    while (this.played.has(queue.recordings[queue.played]!)) queue.played++
    const recording = queue.recordings[queue.played]
    const last = queue.recordings.at(-1)
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

  private queueOf(request: NormalizedRequest): Queue {
    const same = this.index.answersTo(request)
    const known = this.queues.get(same)
    if (known) return known
    const own = same.filter(recording => this.isOwn(recording))
    const free = same.filter(recording => !this.isOwn(recording) && this.isFree(recording))
    const queue = { recordings: [...own, ...free], played: 0 }
    this.queues.set(same, queue)
    return queue
  }

  private isOwn(recording: Recording): boolean {
    return recording.test === this.scope.test
  }

  private isFree(recording: Recording): boolean {
    return recording.test === undefined || !this.scope.isOtherTest?.(recording.test)
  }
}
