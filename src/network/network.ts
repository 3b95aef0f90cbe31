import { watchSockets } from './sockets.ts'
import { wrapFetch } from './fetch.ts'
import { guardHttp2 } from './http2.ts'
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
}

/** What was put into the process. */
export interface Installed {
  /** Takes part in every connection from now on, before whoever comes later. */
  openSockets(): void
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
export function installNetwork<Caller>(answerer: Answerer<Caller>): Installed {
  const own = { ...answerer, current: () => (isUpstream() ? undefined : answerer.current()) }
  // Before the interceptor is there: HTTP/2 needs the sockets as they are without it.
  const unguard = guardHttp2(url => {
    const caller = own.current()
    return caller && answerer.refuseHttp2(caller, url)
  })
  const sockets = watchSockets(own)
  const unwrapFetch = wrapFetch(own)
  return {
    openSockets: sockets.open,
    uninstall() {
      unwrapFetch()
      sockets.close()
      unguard()
    },
  }
}
