import { wrapFetch } from './fetch.ts'
import { guardHttp2 } from './http2.ts'
import { watchSockets } from './sockets.ts'
import { isUpstream } from './upstream.ts'

/** A request that was made. */
export interface Received {
  /** What was asked for. Its body is to be read from here, unless `text` has it. */
  request: Request
  /** The body, where it was given as text. */
  text?: string
  /** The caller's. */
  signal: AbortSignal
}

/** Who answers calls, and whose they are. */
export interface Answerer<Caller> {
  /** Who is calling in this async context. */
  current(): Caller | undefined
  /** Whether this request is one to answer. All others go their way untouched. */
  claims(caller: Caller, url: URL): boolean
  /** Never rejects; a failed connection is `connectionError`. */
  answer(caller: Caller, received: Received): Promise<Response>
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
  /** Takes part in every connection from now on, before whoever comes later. */
  openSockets(): void
  /** Lets every server that has started by now be asked before ours: MSW asks them in the order in which they started. */
  stepBack(): void
  uninstall(): void
}

/**
 * Puts one MSW network of our own into this process, beside a user's `setupServer`.
 *
 * Two doors lead to the same answer. Calls through the global `fetch` come straight to the handler, in the caller's own
 * async context and without a socket. Everything else (a captured `fetch`, `node:https`, undici) is caught at the
 * socket. A second `setupServer` would silence the user's; the socket-level interceptor in a network of its own does not.
 *
 * MSW itself is loaded when somebody comes through one of the doors.
 */
export function installNetwork<Caller>(answerer: Answerer<Caller>): Network {
  // A server that starts, or closes, replaces the global `fetch`.
  let lastFetch: typeof fetch
  const stepBack = () => {
    if (globalThis.fetch === lastFetch) return
    lastFetch = globalThis.fetch
    sockets.reopen()
  }
  const own = {
    ...answerer,
    current: () => (isUpstream() ? undefined : answerer.current()),
    isShared() {
      if (answerer.isShared()) stepBack()
      return answerer.isShared()
    },
  }
  // Before the interceptor is there: HTTP/2 needs the sockets as they are without it.
  const unguard = guardHttp2(url => {
    const caller = own.current()
    return caller && answerer.refuseHttp2(caller, url)
  })
  const sockets = watchSockets(own)
  const unwrapFetch = wrapFetch(own)
  lastFetch = globalThis.fetch
  return {
    claims: sockets.claims,
    answer: sockets.answer,
    openSockets: sockets.open,
    stepBack,
    uninstall() {
      unwrapFetch()
      sockets.close()
      unguard()
    },
  }
}
