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
