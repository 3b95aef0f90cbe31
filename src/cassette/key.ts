import { createHash } from 'node:crypto'
import stringify from 'fast-json-stable-stringify'
import { endpointOf, isAnyHost, withoutCredentials } from './endpoint.ts'
import { normalizeBody, replaceAll, replacementsOf, type MatchOptions } from './normalize.ts'
import type { RecordedRequest } from './schema.ts'

/** What of a request counts when it is compared with another one. */
export interface NormalizedRequest {
  method: string
  host?: string
  endpoint: string
  query: Record<string, string[]>
  headers: Record<string, string>
  body: unknown
}

export function normalizeRequest(request: RecordedRequest, match: MatchOptions): NormalizedRequest {
  const url = new URL(withoutCredentials(request.url))
  return {
    method: request.method.toUpperCase(),
    ...(match.host === false || isAnyHost(url.host) ? {} : { host: url.host }),
    endpoint: endpointOf(url),
    query: queryOf(url, replacementsOf(match)),
    headers: headersOf(request, match.headers ?? []),
    body: normalizeBody(request.body, match),
  }
}

/**
 * The key of a request: SHA-256 of everything that counts, in base64. Requests with the same key ask the same
 * question. Computed the same way for a request that arrives and for one that was stored.
 */
export function keyOf(request: NormalizedRequest): string {
  return createHash('sha256').update(stringify(request)).digest('base64')
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
