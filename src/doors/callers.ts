import { subscribe, unsubscribe } from 'node:diagnostics_channel'

const header = 'x-vitest-cassette-caller'

/** What undici says of a request when its caller makes it, and still in the caller's own async context. */
interface UndiciRequest {
  origin?: string | URL
  path: string
  addHeader(name: string, value: string): unknown
}

/**
 * Knows at the socket who made a request.
 *
 * undici sends a request in the async context of the one that freed the connection: with `connections: 1`, 98 of 100
 * requests would be taken for another test's. So each is marked while it is still in its own context, and the mark is
 * taken away before anybody sees the request.
 */
export class Callers<Caller> {
  private readonly byMark = new Map<string, Caller>()
  private readonly current: () => Caller | undefined
  private count = 0

  /** @param current who is calling in this async context */
  constructor(current: () => Caller | undefined) {
    this.current = current
  }

  /** Marks the requests of undici, and of `fetch`, which is made of it. */
  watch(claims: (caller: Caller, url: URL) => boolean): () => void {
    const mark = (message: unknown) => {
      const { request } = message as { request: UndiciRequest }
      const caller = this.current()
      const url = `${String(request.origin)}${request.path}`
      if (caller === undefined || !URL.canParse(url) || !claims(caller, new URL(url))) return
      const name = String(++this.count)
      this.byMark.set(name, caller)
      request.addHeader(header, name)
    }
    subscribe('undici:request:create', mark)
    return () => unsubscribe('undici:request:create', mark)
  }

  of(request: Request): Caller | undefined {
    const mark = request.headers.get(header)
    return mark === null ? this.current() : this.byMark.get(mark)
  }

  /** The caller of a request that is answered now; the mark is gone afterwards. */
  take(request: Request): Caller | undefined {
    const caller = this.of(request)
    this.byMark.delete(request.headers.get(header) ?? '')
    request.headers.delete(header)
    return caller
  }
}
