import { indexAddresses } from './addresses.ts'
import { apiOf, telemetryPath } from './api-paths.ts'
import { providers, telemetry, type ErrorShape, type Provider } from './provider-table.ts'

export { providers, type ErrorShape, type KeyFormat, type Provider } from './provider-table.ts'

/** The provider at whose address this URL is. */
export const providerOf: (url: URL) => Provider | undefined = indexAddresses(
  providers.flatMap(provider => provider.hosts.map(host => [host, provider] as const)),
)

/**
 * The provider for which an SDK gets a token at this URL, ahead of a call. Such a request is no LLM call; a replay can do
 * without its answer, which no cassette may hold.
 */
export const credentialLookUpOf: (url: URL) => Provider | undefined = indexAddresses(
  providers.flatMap(provider => (provider.lookUps ?? []).map(address => [address, provider] as const)),
)

const telemetryServiceOf = indexAddresses(
  telemetry.flatMap(({ hosts }) => hosts.map(host => [host, true] as const)),
)

/** Whether a request to this URL reports what an app did: traces, metrics, logs. It is no LLM call, at whatever host. */
export function isTelemetry(url: URL): boolean {
  return telemetryPath.test(url.pathname) || telemetryServiceOf(url) === true
}

/** A request to a provider's address, or with a provider's API path on any host (gateways, local servers). */
export function isLlmUrl(url: URL): boolean {
  if (providerOf(url) === undefined && apiOf(url) === undefined) return false
  return !isTelemetry(url) && credentialLookUpOf(url) === undefined
}

const allRoutingHeaders = [...new Set(providers.flatMap(headersOf))]

/**
 * The request headers, in lower case, that choose provider or model at this URL. At a host that is no provider's there may be
 * any gateway, so these are the headers of all of them.
 */
export function routingHeadersOf(url: URL): readonly string[] {
  const provider = providerOf(url)
  return provider ? headersOf(provider) : allRoutingHeaders
}

function headersOf({ routingHeaders = [], routingCredentials = [] }: Provider): readonly string[] {
  return routingCredentials.length === 0 ? routingHeaders : [...routingHeaders, ...routingCredentials]
}

/** Those of the routing headers that are credentials too: they count, but are never stored. */
export const routingCredentials: ReadonlySet<string> = new Set(
  providers.flatMap(({ routingCredentials = [] }) => routingCredentials),
)

const warmUps = providers.flatMap(({ warmUp }) => warmUp ?? [])

/** Whether a request to this URL asks nothing, so that it is neither sent, nor recorded, nor missed. */
export function isWarmUp(url: URL): boolean {
  return isWarmUpPath(url) && providerOf(url)?.warmUp?.test(url.pathname) === true
}

/** Whether a request with this path asks nothing at the host of some provider. */
export function isWarmUpPath({ pathname }: URL): boolean {
  return warmUps.some(pattern => pattern.test(pathname))
}

/** The shape in which the SDK behind this URL expects an error. */
export function errorShapeOf(url: URL): ErrorShape {
  return apiOf(url)?.errors ?? providerOf(url)?.errors ?? 'openai'
}

/** The event that ends a stream of this endpoint and that is no JSON (`[DONE]`), if it has one. */
export function terminatorOf(url: URL): string | undefined {
  return apiOf(url)?.terminator
}

/** Whether streams of this URL are newline-delimited JSON (Ollama's own API); SDKs' dumps have their objects only. */
export function isNdjsonStream(url: string): boolean {
  return /\/api\/(?:generate|chat|pull|push|create)$/.test(url)
}

/** Base URLs after which the API has no version, although a tool that glues `/v1/models` to them writes one. */
export const unversionedBase = /(\/v1beta\/openai|\/serving-endpoints)\/v1(?=\/)/

/** What stands in a provider's variable where its key is missing, before the variable's own name. */
export const placeholderPrefix = 'vitest-cassette-placeholder-for-'

/** A placeholder in a text, with what its SDK wants to stand in front; the first group is the variable. */
export const placeholderPattern = `(?:${providers.flatMap(({ keyPrefix }) => keyPrefix ?? []).join('|')})?${placeholderPrefix}([A-Z0-9_]+)`

/**
 * Response headers that a single provider's SDK reads: without `x-amzn-errortype` every error of Bedrock is an `Unknown`.
 * They are recorded like those that all providers share.
 */
export const sdkHeaders = /^(?:x-amzn-(?:errortype|requestid|bedrock-[a-z-]+)|x-gemini-service-tier)$/

/**
 * Whether this event is the last of its stream, so that an app which stops reading here has read it all: OpenAI's
 * SDK cancels the body right after `[DONE]`, and every SDK at an error inside the stream. Streams without such an event (Gemini's) end when the provider says so.
 */
export function isLastEvent(event: unknown): boolean {
  if (event === '[DONE]') return true
  if (typeof event !== 'object' || event === null) return false
  const { type, done, error } = event as { type?: unknown; done?: unknown; error?: unknown }
  if (typeof error === 'object' && error !== null) return true
  return done === true || (typeof type === 'string' && lastEventTypes.has(type))
}

const lastEventTypes = new Set([
  'message_stop', // Anthropic
  'response.completed', // OpenAI Responses, and the next two
  'response.failed',
  'response.incomplete',
  'message-end', // Cohere
])
