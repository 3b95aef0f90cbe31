import { AsyncLocalStorage } from 'node:async_hooks'
import { load } from '../load.ts'
import { directConnections, type Dispatcher } from './direct.ts'

type Fetch = typeof globalThis.fetch

/**
 * What is shared, should this module be loaded twice. `context` is set in the context of our own calls to providers,
 * which are never answered here: a user's MSW server that listens before ours takes the mark of a bypassed request away.
 */
interface Upstream {
  context: AsyncLocalStorage<boolean>
  /** `fetch` as it was before ours: the global one, or that of a library which came first. */
  fetch?: Fetch
  /** What sends our own calls past the interceptor, where there is such a way. */
  direct?: () => Dispatcher | undefined
}

const symbol = Symbol.for('vitest-cassette.upstream')
const upstream = ((globalThis as { [symbol]?: Upstream })[symbol] ??= { context: new AsyncLocalStorage() })

/** Whether the caller is one of our own calls to a provider. */
export function isUpstream(): boolean {
  return upstream.context.getStore() === true
}

/** Runs code whose requests are our own. */
export function runAsUpstream<Result>(work: () => Result): Result {
  return upstream.context.run(true, work)
}

/** Our own calls go through this `fetch`. */
export function setUpstreamFetch(fetch: Fetch): void {
  upstream.fetch = fetch
  upstream.direct = directConnections(fetch)
}

/** Whether our own calls meet no interceptor. */
export function sendsDirectly(): boolean {
  return upstream.direct?.() !== undefined
}

/** Sends a request to where it was going, past every interceptor. */
export async function sendUpstream(
  request: Request,
  body: Uint8Array<ArrayBuffer> | string,
  signal: AbortSignal,
): Promise<Response> {
  const send = upstream.fetch ?? globalThis.fetch
  // Bytes or text, so that its length goes along as it did; Request bodies become `transfer-encoding: chunked`.
  const init = {
    method: request.method,
    headers: request.headers,
    ...(body.length > 0 ? { body } : {}),
    signal,
  }
  const dispatcher = upstream.direct?.()
  return runAsUpstream(() =>
    dispatcher
      ? send(request.url, { ...init, dispatcher })
      : send(load('msw/utils/bypass').bypass(request.url, init)),
  )
}

const cause = Symbol.for('vitest-cassette.cause')

/** The answer to a call whose connection failed: the client gets a failed connection, and `fetch` the same error. */
export function connectionError(reason: unknown): Response {
  return Object.assign(Response.error(), { [cause]: reason })
}

export function causeOf(response: (Response & { [cause]?: unknown }) | undefined): unknown {
  return response?.[cause] ?? new TypeError('fetch failed')
}
