import type { Received } from '../http/received.ts'

/** Who answers calls, and who makes them. */
export interface Answerer<Caller> {
  /** Who is calling in this async context; `undefined` for what is nobody's, and goes its way untouched. */
  current(): Caller | undefined
  /** Whether a request of this caller to this URL is one to answer. */
  covers(caller: Caller, url: URL): boolean
  /** Whether a tunnel to this host is to lead nowhere, because what comes through it is replayed. */
  replaysHost(caller: Caller, host: URL): boolean
  /** Never rejects; a failed connection is `connectionError`. */
  answer(received: Received<Caller>): Promise<Response>
  /** The error with which a call over HTTP/2 fails, which nobody can answer; `undefined` if it may go its way. */
  refuseHttp2(caller: Caller, url: URL): Error | undefined
  /** The refusal of a request that is not covered and may not be sent all the same. */
  refuse(caller: Caller, request: Request): Response | undefined
  /** Notes that a request went its way over the network. */
  notePassed(caller: Caller, url: URL): void
}
