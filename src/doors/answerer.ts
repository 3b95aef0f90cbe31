import type { Received } from '../http/received.ts'

/** Who answers calls, and who makes them. */
export interface Answerer<Caller> {
  /** Who is calling in this async context. */
  current(): Caller | undefined
  /** Whether a request of this caller to this URL is one to answer. All others go their way untouched. */
  covers(caller: Caller, url: URL): boolean
  /** Never rejects; a failed connection is `connectionError`. */
  answer(received: Received<Caller>): Promise<Response>
  /** The error with which a call over HTTP/2 fails, which nobody can answer; `undefined` if it may go its way. */
  refuseHttp2(caller: Caller, url: URL): Error | undefined
}
