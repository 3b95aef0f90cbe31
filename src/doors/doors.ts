import type { RequestHandler } from 'msw'
import { isUpstream, sendsDirectly } from '../http/upstream.ts'
import { load } from '../load.ts'
import type { Answerer } from './answerer.ts'
import { Callers } from './callers.ts'
import { FetchDoor } from './fetch.ts'
import { makeHandler } from './handler.ts'
import { guardHttp2 } from './http2.ts'
import { SocketDoor } from './sockets.ts'

/**
 * The ways by which calls of this process come in, beside a user's `setupServer`.
 *
 * Calls through the global `fetch` come straight to the handler, in the caller's own async context and without a socket.
 * Everything else (a captured `fetch`, `node:https`, undici) is caught at the socket, by an interceptor of MSW. A second
 * `setupServer` would silence the user's; the interceptor alone does not. MSW is loaded when somebody comes in.
 */
export class Doors<Caller> {
  /** Answers a request that came through any door. */
  readonly handler: RequestHandler
  private readonly answerer: Answerer<Caller>
  private readonly callers: Callers<Caller>
  private readonly fetchDoor: FetchDoor<Caller>
  private readonly socketDoor: SocketDoor
  private closing: (() => void)[] = []
  private isLent = false
  private lastFetch: typeof fetch | undefined

  constructor(given: Answerer<Caller>) {
    // Our own calls to providers are nobody's.
    const answerer = { ...given, current: () => (isUpstream() ? undefined : given.current()) }
    this.answerer = answerer
    this.callers = new Callers(answerer)
    const handler = (this.handler = makeHandler(answerer, this.callers))
    const isLent = () => this.isLent
    const stepBack = () => this.stepBack()
    this.fetchDoor = new FetchDoor({ answerer, handler, isLent, stepBack })
    this.socketDoor = new SocketDoor(handler, request => this.notePassed(request))
  }

  get isOpen(): boolean {
    return this.closing.length > 0
  }

  open(): void {
    if (this.isOpen) return
    // First, since HTTP/2 needs the sockets as they are without an interceptor.
    const removeGuard = guardHttp2(url => this.refuseHttp2(url))
    // Then, since our own calls to providers do as well.
    this.fetchDoor.open()
    const stopWatching = this.callers.watch()
    this.socketDoor.openAtFirstConnection()
    this.lastFetch = globalThis.fetch
    this.closing = [removeGuard, stopWatching, () => this.socketDoor.close(), () => this.fetchDoor.close()]
  }

  close(): void {
    for (const close of this.closing.toReversed()) close()
    this.closing = []
  }

  /** Takes part in every connection from now on, before whoever comes later. */
  openSockets(): void {
    if (this.isOpen) this.socketDoor.open()
  }

  /** Loads now what a call to a provider needs: later it would delay the first byte. */
  prepareToSend(): void {
    load('msw/utils/get-response')
    if (sendsDirectly()) return
    load('msw/utils/bypass')
    this.socketDoor.open()
  }

  /** The handler for a server of the user's. From here on such a server is asked before these doors are. */
  lendHandler(): RequestHandler {
    this.isLent = true
    return this.handler
  }

  /** Where the handler is lent, lets every server that has started or closed since be asked first. */
  stepBack(): void {
    // Each such server replaces the global `fetch`.
    if (!this.isLent || globalThis.fetch === this.lastFetch) return
    this.lastFetch = globalThis.fetch
    this.socketDoor.moveBack()
  }

  private notePassed(request: Request): void {
    const [caller, url] = [this.callers.of(request), URL.parse(request.url)]
    if (caller !== undefined && url && request.method !== 'CONNECT') this.answerer.notePassed(caller, url)
  }

  private refuseHttp2(url: URL): Error | undefined {
    const caller = this.answerer.current()
    return caller === undefined ? undefined : this.answerer.refuseHttp2(caller, url)
  }
}
