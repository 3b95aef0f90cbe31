import {
  fingerprintOfEnds,
  fingerprintOfJson,
  fingerprintOfPlace,
  jsonForFingerprint,
} from './fingerprint.ts'
import { isSameKey, keyOf, RequestNormalizer, type Key, type NormalizedRequest, type Place } from './key.ts'
import { mayNormalize, type MatchOptions } from './normalize.ts'
import type { RecordedRequest, Recording } from '../cassette/schema.ts'

/** Takes secrets out of requests, as it was done before they were recorded. */
export interface Redaction {
  redact(request: RecordedRequest): RecordedRequest
  /** Whether there may be anything to take out. */
  suspects(text: string): boolean
}

/** A request that a recording answers. */
interface Stored {
  request: RecordedRequest
  recording: Recording
  /** Of the normalized request. */
  fingerprint: number
  /** Of the ends of its body as it was sent; absent where that is not known. */
  ends: number | undefined
  /** Its body as text, of which requests have the very same most of the time; absent where that would be too much. */
  text: string | undefined
}

/** The recordings that answer requests of one key, in file order. */
interface Group {
  /** One of them; its key is made when it is asked for. */
  request: RecordedRequest
  key?: Key
  recordings: Recording[]
  /** With those that answer on any host. */
  everywhere?: readonly Recording[]
}

const none: readonly Recording[] = []
/** How much text a cassette keeps beside its bodies, in characters: 32 MB at most. What is more is printed when it is compared. */
const keptText = 2 ** 24

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
  /** By the ends of the body as it was sent. */
  private readonly byEnds = new Map<number, Stored[]>()
  /** By the fingerprint of the normalized request. */
  private readonly byFingerprint = new Map<number, Stored[]>()
  /** Of the fingerprints that were asked for. */
  private readonly groups = new Map<number, Group[]>()
  private hasAnyHost = false
  private textLeft = keptText

  /** @param before the index, with the same options, of what the cassette was before: most recordings are the same */
  constructor(recordings: readonly Recording[], match: MatchOptions, redaction: Redaction, before?: Index) {
    this.recordings = recordings
    this.redaction = redaction
    this.normalizer = new RequestNormalizer(match)
    const known = new Map(
      [...(before?.byFingerprint.values() ?? [])].flat().map(stored => [stored.request, stored]),
    )
    for (const recording of recordings)
      this.add(known.get(recording.request) ?? this.stored(recording.request, recording))
  }

  /** Lets a recording answer a further request, after those that were recorded with it. */
  addRequest(request: RecordedRequest, recording: Recording): void {
    this.add(this.stored(request, recording))
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

  /**
   * The same for a request that was recorded with this very text: nothing needs to be parsed, searched for secrets or
   * normalized to know that it asks the same. Most requests of a replay are such.
   *
   * @param text the body
   * @returns `undefined` where no recording has this text
   */
  answersToText(
    { method, url }: Pick<RecordedRequest, 'method' | 'url'>,
    text: string,
  ): { body: unknown; recordings: readonly Recording[] } | undefined {
    // A header may make it another request.
    if (this.normalizer.readsHeaders) return undefined
    const place = this.normalizer.placeOf(url)
    const asked = fingerprintOfPlace({ method, ...place })
    const alike = this.byEnds.get((asked + fingerprintOfEnds(text)) | 0)
    const stored = alike?.find(
      other =>
        hasText(other, text) &&
        other.request.method.toUpperCase() === method &&
        this.placeOf(other.request) === place,
    )
    if (!stored) return undefined
    const { body } = stored.request
    if (this.hasAnyHost) return { body, recordings: this.answersTo(this.normalize(stored.request)) }
    const groups = this.groupsWith(stored.fingerprint) ?? []
    const group = groups.length > 1 ? this.findGroup(groups, this.normalize(stored.request)) : groups[0]
    return group && { body, recordings: group.recordings }
  }

  private add(stored: Stored): void {
    this.textLeft -= stored.text?.length ?? 0
    if (this.placeOf(stored.request).host === undefined) this.hasAnyHost = true
    put(this.byFingerprint, stored.fingerprint, stored)
    if (stored.ends !== undefined) put(this.byEnds, stored.ends, stored)
  }

  private stored(request: RecordedRequest, recording: Recording): Stored {
    const place = this.placeOf(request)
    const asked = fingerprintOfPlace({ method: request.method.toUpperCase(), ...place })
    const texts: string[] = []
    const printed = JSON.stringify(request.body) ?? ''
    const json = jsonForFingerprint(request.body, texts, printed)
    // Most are as normalizing leaves them, which need not be done then.
    const fingerprint = this.isNormalized([request.url, json, ...texts])
      ? (asked + fingerprintOfJson(json)) | 0
      : this.fingerprintOf(this.normalize(request))
    // A body that is kept as text is no JSON, or one that a value cannot hold.
    const ends = typeof request.body === 'string' ? undefined : (asked + fingerprintOfEnds(json)) | 0
    const isKept = ends !== undefined && printed.length <= this.textLeft
    return { request, recording, fingerprint, ends, text: isKept ? printed : undefined }
  }

  private fingerprintOf(request: NormalizedRequest): number {
    return (fingerprintOfPlace(request) + fingerprintOfJson(jsonForFingerprint(request.body))) | 0
  }

  private isNormalized(texts: readonly string[]): boolean {
    return (
      !this.normalizer.changesBodies &&
      texts.every(text => !mayNormalize.test(text) && !this.redaction.suspects(text))
    )
  }

  private groupOf(request: NormalizedRequest): Group | undefined {
    const groups = this.groupsWith(this.fingerprintOf(request))
    return groups && this.findGroup(groups, request)
  }

  private groupsWith(fingerprint: number): Group[] | undefined {
    const known = this.groups.get(fingerprint)
    const alike = this.byFingerprint.get(fingerprint)
    if (known || !alike) return known
    const groups = this.groupsOf(alike)
    this.groups.set(fingerprint, groups)
    return groups
  }

  private groupsOf(alike: readonly Stored[]): Group[] {
    const groups: Group[] = []
    for (const { request, recording } of alike) {
      const group = groups.length === 0 ? undefined : this.findGroup(groups, this.normalize(request))
      if (group) group.recordings.push(recording)
      else groups.push({ request, recordings: [recording] })
    }
    return groups
  }

  private findGroup(groups: readonly Group[], request: NormalizedRequest): Group | undefined {
    const key = keyOf(request)
    return groups.find(group => isSameKey((group.key ??= keyOf(this.normalize(group.request))), key))
  }
}

function put(map: Map<number, Stored[]>, fingerprint: number, stored: Stored): void {
  const alike = map.get(fingerprint)
  if (alike) alike.push(stored)
  else map.set(fingerprint, [stored])
}

function hasText({ text, request }: Stored, asked: string): boolean {
  return (text ?? JSON.stringify(request.body)) === asked
}
