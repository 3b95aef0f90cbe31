import { hash } from 'node:crypto'
import stringify from 'fast-json-stable-stringify'
import type { RecordedRequest } from '../cassette/schema.ts'
import { endpointOf, isAnyHost, withoutCredentials } from './address.ts'
import { bodyNormalizer, replaceAll, replacementsOf, type MatchOptions } from './normalize.ts'

/** What of a request counts when it is compared with another one. */
export interface NormalizedRequest {
  method: string
  /** Absent where a request to any host is meant. */
  host?: string
  endpoint: string
  query: Record<string, string[]>
  headers: Record<string, string>
  body: unknown
}

/** What of a URL counts. */
type Target = Pick<NormalizedRequest, 'host' | 'endpoint' | 'query'>

/** Leaves out of requests, or replaces in them, what does not make a request another one. */
export class RequestNormalizer {
  private readonly match: MatchOptions
  private readonly replacements: readonly [RegExp, string][]
  private readonly normalizeBody: (body: unknown) => unknown
  private readonly targets = new Map<string, Target>()

  constructor(match: MatchOptions) {
    this.match = match
    this.replacements = replacementsOf(match)
    this.normalizeBody = bodyNormalizer(match)
  }

  normalize(request: RecordedRequest): NormalizedRequest {
    return {
      method: request.method.toUpperCase(),
      ...this.targetOf(request.url),
      headers: headersOf(request, this.match.headers ?? []),
      body: this.normalizeBody(request.body),
    }
  }

  /** The requests of a cassette go to few URLs, so each URL is parsed once. */
  targetOf(url: string): Target {
    const known = this.targets.get(url)
    if (known) return known
    const parsed = new URL(withoutCredentials(url))
    const host = this.match.host === false || isAnyHost(parsed.host) ? {} : { host: parsed.host }
    const target = { ...host, endpoint: endpointOf(parsed), query: queryOf(parsed, this.replacements) }
    this.targets.set(url, target)
    return target
  }
}

/**
 * The key of a request: the SHA-256 of everything that counts, in base64. It is computed in the same way for a request
 * that arrives and for one that is stored.
 */
export function keyOf(request: NormalizedRequest): string {
  return hash('sha256', stringify(request), 'base64')
}

/** The key of a stored request without any options, for commands that look at many cassettes and play none. */
export function plainKeyOf(request: RecordedRequest): string {
  return keyOf(new RequestNormalizer({}).normalize(request))
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
