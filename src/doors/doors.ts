import { load } from '../load.ts'
import type { Answerer } from '../http/received.ts'
import { wrapFetch } from './fetch.ts'
import { guardHttp2 } from './http2.ts'
import { watchSockets } from './sockets.ts'
import { isUpstream, sendsDirectly } from '../http/upstream.ts'

/** The interceptor of this process. */
export interface Network {
  /** Whether a request that some MSW server has caught is one to answer. */
  claims(request: Request): boolean
  /** The answer to it, for a socket; `undefined` where it is to go its way. */
  answer(request: Request): Promise<Response | undefined>
  /** Takes part in every connection from now on, before whoever comes later. */
  openSockets(): void
  /** Loads now what a call to a provider needs. */
  prepareToSend(): void
  /** Lets every server that has started by now be asked before ours: MSW asks them in the order in which they started. */
  stepBack(): void
  uninstall(): void
}

/**
 * Puts one MSW interceptor of our own into this process, beside a user's `setupServer`.
 *
 * Two doors lead to the same answer. Calls through the global `fetch` come straight to the handler, in the caller's own
 * async context and without a socket. Everything else (a captured `fetch`, `node:https`, undici) is caught at the
 * socket, by an interceptor of MSW. A second `setupServer` would silence the user's; the interceptor alone does not.
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
  // And so do our own calls to providers.
  const unwrapFetch = wrapFetch(own)
  const sockets = watchSockets(own)
  lastFetch = globalThis.fetch
  return {
    claims: sockets.claims,
    answer: sockets.answer,
    openSockets: sockets.open,
    prepareToSend() {
      load('msw/utils/get-response')
      if (sendsDirectly()) return
      load('msw/utils/bypass')
      sockets.open()
    },
    stepBack,
    uninstall() {
      unwrapFetch()
      sockets.close()
      unguard()
    },
  }
}
