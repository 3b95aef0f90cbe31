import { AsyncLocalStorage } from 'node:async_hooks'
import type { RequestHandler } from 'msw'
import { Received } from '../http/received.ts'
import { causeOf, setUpstreamFetch } from '../http/upstream.ts'
import { load } from '../load.ts'
import { isWarmUp } from '../providers.ts'
import type { Answerer } from './answerer.ts'
import { requestFor } from './handler.ts'

type Fetch = typeof globalThis.fetch
type Input = Parameters<Fetch>[0]
type Init = NonNullable<Parameters<Fetch>[1]>

export interface FetchDoorOptions<Caller> {
  answerer: Answerer<Caller>
  handler: RequestHandler
  /** Whether a server of the user's has the handler: it is asked first then. */
  isLent: () => boolean
  /** Lets servers that have started or closed since be asked first. */
  stepBack: () => void
}

/** The door for calls through the global `fetch`: they come to the handler without a socket. */
export class FetchDoor<Caller> {
  private readonly options: FetchDoorOptions<Caller>
  private readonly passing = new AsyncLocalStorage<boolean>()
  // Node loads its client when somebody asks for `fetch`: not before the door is opened.
  private original: Fetch | undefined
  private wrapper: Fetch | undefined
  private isOpen = false

  constructor(options: FetchDoorOptions<Caller>) {
    this.options = options
  }

  open(): void {
    const { answerer, isLent } = this.options
    const original = globalThis.fetch
    const answer = (received: Received<Caller>) => this.answer(received)
    const passServers: Fetch = (input, init) => this.passServers(() => original(input, init), input, init)
    const isClosed = () => !this.isOpen
    const wrapper: Fetch = async function fetch(input, init) {
      // A client that was built while the door was open holds this function for ever.
      if (isClosed()) return original(input, init)
      const [caller, url] = [answerer.current(), urlOf(input)]
      // A client that is built at module level warms up before any test, on every run.
      if (url && isWarmUp(url)) return new Response(null, { status: 204 })
      if (caller === undefined || !url || !answerer.covers(caller, url)) return original(input, init)
      return isLent() ? passServers(input, init) : answer(receive(input, init, caller))
    }
    setUpstreamFetch(original)
    this.original = original
    globalThis.fetch = this.wrapper = wrapper
    this.isOpen = true
  }

  close(): void {
    this.isOpen = false
    // Whoever wrapped it since then has the last word.
    if (this.original && globalThis.fetch === this.wrapper) globalThis.fetch = this.original
  }

  private async answer(received: Received<Caller>): Promise<Response> {
    received.signal.throwIfAborted()
    const { getResponse } = load('msw/utils/get-response')
    const response = await getResponse([this.options.handler], requestFor(received))
    received.signal.throwIfAborted()
    if (!response || response.type === 'error') throw causeOf(response)
    return Object.defineProperty(response, 'url', { value: received.request.url })
  }

  /** A server sees calls through the global `fetch` only; a client that was built before it started holds this one. */
  private passServers(
    pass: () => Promise<Response>,
    input: Input,
    init: Init | undefined,
  ): Promise<Response> {
    this.options.stepBack()
    return globalThis.fetch === this.wrapper || this.passing.getStore()
      ? pass()
      : this.passing.run(true, () => globalThis.fetch(input, init))
  }
}

/** A body of text stays beside the request, and the caller's signal too: a request would make a stream of the one. */
function receive<Caller>(input: Input, init: Init | undefined, caller: Caller): Received<Caller> {
  const text = init?.body
  if (
    input instanceof Request ||
    typeof text !== 'string' ||
    !init?.method ||
    /^(?:get|head)$/i.test(init.method)
  )
    return new Received(new Request(input as Request, init), caller)
  const { body: _body, signal, ...rest } = init
  const request = new Request(input, rest)
  if (!request.headers.has('content-type')) request.headers.set('content-type', 'text/plain;charset=UTF-8')
  return new Received(request, caller, { text, signal: signal ?? new AbortController().signal })
}

function urlOf(input: Input): URL | undefined {
  return URL.parse(typeof input === 'string' || input instanceof URL ? String(input) : input.url) ?? undefined
}
