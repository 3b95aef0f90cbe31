import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Answerer } from './answerer.ts'

const header = 'x-vitest-cassette-caller'

/** What undici says of a request when its caller makes it, still in the caller's own async context. */
interface UndiciRequest {
  origin?: string | URL
  path: string
  addHeader(name: string, value: string): unknown
}

/**
 * Knows at the socket who made a request.
 *
 * undici sends a request in the async context of the one that freed the connection: with `connections: 1`, 98 of 100
 * requests would be taken for another test's. So each request is marked while it is still in its own context, and the mark
 * is taken away before anybody sees the request.
 */
export class Callers<Caller> {
  private readonly byMark = new Map<string, Caller>()
  private readonly answerer: Pick<Answerer<Caller>, 'current' | 'covers'>
  private count = 0

  constructor(answerer: Pick<Answerer<Caller>, 'current' | 'covers'>) {
    this.answerer = answerer
  }

  /**
   * Marks the requests of undici, and of `fetch`, which is made of it.
   *
   * @returns stops marking
   */
  watch(): () => void {
    const mark = (message: unknown) => this.mark((message as { request: UndiciRequest }).request)
    subscribe('undici:request:create', mark)
    return () => unsubscribe('undici:request:create', mark)
  }

  of(request: Request): Caller | undefined {
    const mark = request.headers.get(header)
    return mark === null ? this.answerer.current() : this.byMark.get(mark)
  }

  /** Takes the mark away from a request that is answered now. */
  forget(request: Request): void {
    this.byMark.delete(request.headers.get(header) ?? '')
    request.headers.delete(header)
  }

  private mark(request: UndiciRequest): void {
    const caller = this.answerer.current()
    const url = URL.parse(`${String(request.origin)}${request.path}`)
    if (caller === undefined || !url || !this.answerer.covers(caller, url)) return
    const name = String(++this.count)
    this.byMark.set(name, caller)
    request.addHeader(header, name)
  }
}
