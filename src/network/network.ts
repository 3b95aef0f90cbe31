import { AsyncLocalStorage } from 'node:async_hooks'
import { RequestController } from '@mswjs/interceptors'
import { HttpRequestInterceptor } from '@mswjs/interceptors/http'
import { bypass, getResponse, http, HttpResponse, passthrough } from 'msw'
import { defineNetwork, InterceptorSource } from 'msw/experimental'
import { isWarmUp } from '../providers.ts'
import { Callers } from './callers.ts'
import { guardHttp2 } from './http2.ts'

/** Who answers calls, and whose they are. */
export interface Answerer<Caller> {
  /** Who is calling in this async context. */
  current(): Caller | undefined
  /** Whether this request is one to answer. All others go their way untouched. */
  claims(caller: Caller, url: URL): boolean
  /** Never rejects; a failed connection is `connectionError`. */
  answer(caller: Caller, request: Request): Promise<Response>
  /** The error with which a call over HTTP/2 fails, which nobody can answer; `undefined` if it is none to answer. */
  refuseHttp2(caller: Caller, url: URL): Error | undefined
  /** Whether a server of the user's holds our handlers: it is asked first then, and we answer what it leaves. */
  isShared(): boolean
}

/** The interceptor of this process. */
export interface Network {
  /** Whether a request that some MSW server has caught is one to answer. */
  claims(request: Request): boolean
  /** The answer to it, for a socket. */
  answer(request: Request): Promise<Response>
  /** Lets every server that has started by now be asked before ours: MSW asks them in the order in which they started. */
  stepBack(): void
  uninstall(): void
}

type Fetch = typeof globalThis.fetch

/** `fetch` as it was before ours: the global one, or that of a library which came first. */
let previousFetch: Fetch | undefined

/**
 * Puts one MSW network of our own into this process, beside a user's `setupServer`.
 *
 * Two doors lead to the same answer. Calls through the global `fetch` come straight to the handler, in the caller's own
 * async context and without a socket. Everything else (a captured `fetch`, `node:https`, undici) is caught at the
 * socket. A second `setupServer` would silence the user's; the socket-level interceptor in a network of its own does not.
 */
export function installNetwork<Caller>(answerer: Answerer<Caller>): Network {
  const current = () => (upstream.getStore() ? undefined : answerer.current())
  const callers = new Callers(current)
  const answer = async (caller: Caller | undefined, request: Request) => {
    if (isWarmUp(new URL(request.url))) return new Response(null, { status: 204 })
    return caller === undefined ? passthrough() : answerer.answer(caller, request)
  }
  const claimsCaught = (request: Request) => isClaimed(answerer, callers.of(request), new URL(request.url))
  const answerCaught = async (request: Request) => framed(await answer(callers.take(request), request))
  const openNetwork = () =>
    enableNetwork(
      http.all(
        ({ request }) => claimsCaught(request),
        ({ request }) => answerCaught(request),
      ),
    )
  // Before the interceptor is there: HTTP/2 needs the sockets as they are without it.
  const unguard = guardHttp2(url => {
    const caller = current()
    return caller && answerer.refuseHttp2(caller, url)
  })
  let network = openNetwork()
  const unwatch = callers.watch((caller, url) => answerer.claims(caller, url))
  const unwrap = wrapFetch({
    claims: url => isClaimed(answerer, current(), url),
    handler: http.all('*', ({ request }) => answer(current(), request)),
    isShared() {
      if (answerer.isShared()) stepBack()
      return answerer.isShared()
    },
  })
  // A server that starts, or closes, replaces the global `fetch`.
  let lastFetch = globalThis.fetch
  const stepBack = () => {
    if (globalThis.fetch === lastFetch) return
    lastFetch = globalThis.fetch
    const before = network
    network = openNetwork()
    before.disable()
  }
  return {
    claims: claimsCaught,
    answer: answerCaught,
    stepBack,
    uninstall() {
      unwrap()
      unguard()
      unwatch()
      network.disable()
    },
  }
}

function enableNetwork(handler: ReturnType<typeof http.all>) {
  const interceptor = new HttpRequestInterceptor()
  const own = new WeakSet<Request>()
  interceptor.on('request', event => {
    // A server before has answered, and MSW goes on to ask the next one.
    if (event.controller.readyState !== RequestController.PENDING) event.stopImmediatePropagation()
    if (isBypassed(event.request)) own.add(event.request)
  })
  const network = defineNetwork({
    sources: [new InterceptorSource({ interceptors: [interceptor] })],
    handlers: [handler],
    onUnhandledFrame: 'bypass',
    context: { quiet: true },
  })
  network.enable()
  // Our network has taken the mark of a bypassed request away, so a server after it would not know.
  interceptor.on('request', event => {
    if (own.has(event.request)) event.stopImmediatePropagation()
  })
  return network
}

function isBypassed(request: Request): boolean {
  return request.headers.get('accept')?.includes('msw/passthrough') ?? false
}

function isClaimed<Caller>(answerer: Answerer<Caller>, caller: Caller | undefined, url: URL): boolean {
  // A client that is built at module level warms up before any test, on every run.
  return isWarmUp(url) || (caller !== undefined && answerer.claims(caller, url))
}

interface FetchDoor {
  claims(url: URL): boolean
  handler: ReturnType<typeof http.all>
  isShared(): boolean
}

function wrapFetch({ claims, handler, isShared }: FetchDoor): () => void {
  const original = globalThis.fetch
  const wrapper: Fetch = async function fetch(input, init) {
    const url = urlOf(input)
    if (!url || !claims(url)) return original(input, init)
    if (isShared()) return pastServers(input, init)
    const request = new Request(input as Request, init)
    request.signal.throwIfAborted()
    const response = await getResponse([handler], request)
    if (!response) return original(input, init)
    request.signal.throwIfAborted()
    if (response.type === 'error') throw causeOf(response)
    return Object.defineProperty(response, 'url', { value: request.url })
  }
  // A server sees calls through the global `fetch` only. A client that was built before it started holds this one.
  const entered = new AsyncLocalStorage<boolean>()
  const pastServers: Fetch = (input, init) =>
    globalThis.fetch === wrapper || entered.getStore()
      ? original(input, init)
      : entered.run(true, () => globalThis.fetch(input, init))
  previousFetch = original
  globalThis.fetch = wrapper
  return () => {
    // Whoever wrapped it since then has the last word.
    if (globalThis.fetch === wrapper) globalThis.fetch = original
  }
}

function urlOf(input: Parameters<Fetch>[0]): URL | undefined {
  const url = typeof input === 'string' || input instanceof URL ? String(input) : input.url
  return URL.canParse(url) ? new URL(url) : undefined
}

/**
 * Set in the context of our own calls to providers, which are never answered here: a user's MSW server that listens
 * before ours takes the mark of a bypassed request away. Shared, should this module be loaded twice.
 */
const symbol = Symbol.for('vitest-cassette.upstream')
const upstream = ((globalThis as { [symbol]?: AsyncLocalStorage<boolean> })[symbol] ??=
  new AsyncLocalStorage())

/** Sends a request to where it was going, past every interceptor. */
export function sendUpstream(
  request: Request,
  body: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<Response> {
  const send = previousFetch ?? globalThis.fetch
  // The body as bytes, so that its length goes along as it did; Request bodies become `transfer-encoding: chunked`.
  const init = {
    method: request.method,
    headers: request.headers,
    ...(body.byteLength > 0 ? { body } : {}),
    signal,
  }
  return upstream.run(true, () => send(bypass(request.url, init)))
}

const cause = Symbol.for('vitest-cassette.cause')

/** The answer to a call whose connection failed: the client gets a failed connection, and `fetch` the same error. */
export function connectionError(reason: unknown): Response {
  return Object.assign(HttpResponse.error(), { [cause]: reason })
}

function causeOf(response: Response & { [cause]?: unknown }): unknown {
  return response[cause] ?? new TypeError('fetch failed')
}

// The test may replace the clock (`vi.useFakeTimers()`).
const tick = setImmediate

/**
 * A response for the socket. It says how it is framed: without that, a client that aborts takes the whole process
 * down with an assertion in undici, and a broken stream looks like a complete one. Each chunk is sent in a turn of its
 * own, because those sent in one turn arrive as one.
 */
function framed(response: Response): Response {
  if (response.type === 'error' || !response.body) return response
  const reader = response.body.getReader()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await new Promise(resolve => tick(resolve))
        try {
          const { done, value } = await reader.read()
          if (done) controller.close()
          else controller.enqueue(value)
        } catch (error) {
          controller.error(error)
        }
      },
      cancel: reason => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
  const headers = new Headers(response.headers)
  headers.set('transfer-encoding', 'chunked')
  return new HttpResponse(body, {
    status: response.status,
    statusText: response.statusText,
    headers: [...headers],
  })
}
