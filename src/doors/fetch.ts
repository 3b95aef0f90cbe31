import { AsyncLocalStorage } from 'node:async_hooks'
import { load } from '../load.ts'
import { isWarmUp } from '../providers.ts'
import type { Answerer, Received } from '../http/received.ts'
import { lightHandler } from './handler.ts'
import { causeOf, setUpstreamFetch } from '../http/upstream.ts'

type Fetch = typeof globalThis.fetch
type Input = Parameters<Fetch>[0]
type Init = NonNullable<Parameters<Fetch>[1]>

/**
 * The door for calls through the global `fetch`.
 *
 * @returns takes it out again
 */
export function wrapFetch<Caller>(answerer: Answerer<Caller>): () => void {
  const original = globalThis.fetch
  const answer = answerWith(answerer)
  const wrapper: Fetch = async function fetch(input, init) {
    const [caller, url] = [answerer.current(), urlOf(input)]
    // A client that is built at module level warms up before any test, on every run.
    if (url && isWarmUp(url)) return new Response(null, { status: 204 })
    if (caller === undefined || !url || !answerer.claims(caller, url)) return original(input, init)
    if (answerer.isShared()) return pastServers(input, init)
    const received = receive(input, init)
    received.signal.throwIfAborted()
    const response = await answer(received)
    if (!response) return original(input, init)
    received.signal.throwIfAborted()
    if (response.type === 'error') throw causeOf(response)
    return Object.defineProperty(response, 'url', { value: received.request.url })
  }
  // A server sees calls through the global `fetch` only. A client that was built before it started holds this one.
  const entered = new AsyncLocalStorage<boolean>()
  const pastServers: Fetch = (input, init) =>
    globalThis.fetch === wrapper || entered.getStore()
      ? original(input, init)
      : entered.run(true, () => globalThis.fetch(input, init))
  setUpstreamFetch(original)
  globalThis.fetch = wrapper
  return () => {
    // Whoever wrapped it since then has the last word.
    if (globalThis.fetch === wrapper) globalThis.fetch = original
  }
}

/** Asks the one MSW handler behind this door, which is made when the first call comes. */
function answerWith<Caller>(
  answerer: Answerer<Caller>,
): (received: Received) => Promise<Response | undefined> {
  const waiting = new WeakMap<Request, Received>()
  const handler = once(() =>
    lightHandler(async request => {
      const [caller, received] = [answerer.current(), waiting.get(request)]
      return caller === undefined || !received ? undefined : answerer.answer(caller, received)
    }),
  )
  return received => {
    waiting.set(received.request, received)
    return load('msw/utils/get-response').getResponse([handler()], received.request)
  }
}

/** A body of text stays beside the request, and the caller's signal too: a request would make a stream of the one. */
function receive(input: Input, init: Init | undefined): Received {
  const text = init?.body
  if (
    input instanceof Request ||
    typeof text !== 'string' ||
    !init?.method ||
    /^(?:get|head)$/i.test(init.method)
  ) {
    const request = new Request(input as Request, init)
    return { request, signal: request.signal }
  }
  const { body: _body, signal, ...rest } = init
  const request = new Request(input, rest)
  if (!request.headers.has('content-type')) request.headers.set('content-type', 'text/plain;charset=UTF-8')
  return { request, text, signal: signal ?? new AbortController().signal }
}

function urlOf(input: Input): URL | undefined {
  return URL.parse(typeof input === 'string' || input instanceof URL ? String(input) : input.url) ?? undefined
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => (made ??= { value: make() }).value
}
