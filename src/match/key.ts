import { hash } from 'node:crypto'
import { load } from '../load.ts'
import { endpointOf, isAnyHost, withoutCredentials } from './address.ts'
import { bodyNormalizer, replaceAll, replacementsOf, type MatchOptions } from './normalize.ts'
import type { RecordedRequest } from '../cassette/schema.ts'

/** What of a request counts when it is compared with another one. */
export interface NormalizedRequest {
  method: string
  host?: string
  endpoint: string
  query: Record<string, string[]>
  headers: Record<string, string>
  body: unknown
}

/** What of an address counts. */
export type Place = Pick<NormalizedRequest, 'host' | 'endpoint' | 'query'>

/** Makes requests in which everything is the same that does not make a request another one. */
export class RequestNormalizer {
  /** Whether there are options that change a body. */
  readonly changesBodies: boolean
  /** Whether there are headers that count. */
  readonly readsHeaders: boolean
  private readonly match: MatchOptions
  private readonly replacements: readonly [RegExp, string][]
  private readonly normalizeBody: (body: unknown) => unknown
  private readonly places = new Map<string, Place>()

  constructor(match: MatchOptions) {
    this.match = match
    this.replacements = replacementsOf(match)
    this.normalizeBody = bodyNormalizer(match)
    this.changesBodies = this.replacements.length > 0 || (match.ignore ?? []).length > 0
    this.readsHeaders = (match.headers ?? []).length > 0
  }

  normalize(request: RecordedRequest): NormalizedRequest {
    return {
      method: request.method.toUpperCase(),
      ...this.placeOf(request.url),
      headers: headersOf(request, this.match.headers ?? []),
      body: this.normalizeBody(request.body),
    }
  }

  /** Most requests of a cassette go to the same few addresses. */
  placeOf(address: string): Place {
    const known = this.places.get(address)
    if (known) return known
    const url = new URL(withoutCredentials(address))
    const host = this.match.host === false || isAnyHost(url.host) ? {} : { host: url.host }
    const place = { ...host, endpoint: endpointOf(url), query: queryOf(url, this.replacements) }
    this.places.set(address, place)
    return place
  }
}

/** A text that is longer stands for itself: it takes longer to hash than to compare. */
export const shortText = 256

/** What a request asks. Those with the same hash and the same texts ask the same. */
export interface Key {
  /** SHA-256 of everything that counts, long texts cut off. */
  hash: string
  /** The long texts. */
  texts: readonly string[]
}

/** The key of a request: computed the same way for one that arrives and for one that was stored. */
export function keyOf({ body, ...rest }: NormalizedRequest): Key {
  const texts: string[] = []
  // The keys of a body are in order already, the query's are not.
  const text = load('fast-json-stable-stringify')(rest) + JSON.stringify(withoutLongTexts(body, texts))
  return { hash: hash('sha256', text, 'base64'), texts }
}

/** The key of a stored request as one text, without options: for those who look at many cassettes, and play none. */
export function keyTextOf(request: RecordedRequest): string {
  const { hash: sum, texts } = keyOf(new RequestNormalizer({}).normalize(request))
  return JSON.stringify([sum, texts])
}

export function isSameKey(left: Key, right: Key): boolean {
  return (
    left.hash === right.hash &&
    left.texts.length === right.texts.length &&
    left.texts.every((text, index) => text === right.texts[index])
  )
}

/** What is left of a long text is longer than a short one, and not taken for one. */
export function withoutLongTexts(value: unknown, texts: string[]): unknown {
  if (typeof value === 'string') {
    if (value.length <= shortText) return value
    texts.push(value)
    return `${value.slice(0, shortText)}${value.length}${value.slice(-shortText)}`
  }
  if (typeof value !== 'object' || value === null) return value
  // Most have none, and are not copied.
  const names = Object.keys(value)
  let cut: unknown[] | undefined
  for (const [place, name] of names.entries()) {
    const item = (value as Record<string, unknown>)[name]
    const short = withoutLongTexts(item, texts)
    if (short !== item) cut ??= Object.values(value)
    if (cut) cut[place] = short
  }
  if (!cut || Array.isArray(value)) return cut ?? value
  return Object.fromEntries(names.map((name, place) => [name, cut[place]]))
}

function queryOf(url: URL, replacements: readonly [RegExp, string][]): Record<string, string[]> {
  const query: Record<string, string[]> = {}
  for (const name of new Set(url.searchParams.keys()))
    query[name] = url.searchParams.getAll(name).map(value => replaceAll(value, replacements))
  return query
}

function headersOf(request: RecordedRequest, names: string[]): Record<string, string> {
  const stored = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  const wanted = new Set(names.map(name => name.toLowerCase()))
  return Object.fromEntries(stored.filter(([name]) => wanted.has(name!)))
}
