import net from 'node:net'
import { load } from '../load.ts'
import { isWarmUp } from '../providers.ts'
import { Callers } from './callers.ts'
import type { Answerer } from '../http/received.ts'
import { lightHandler } from './handler.ts'

/** The door for everything that opens a connection: a captured `fetch`, `node:https`, undici. */
export interface SocketDoor {
  open(): void
  /** Opens it anew, behind the doors of others that have been opened since. */
  reopen(): void
  close(): void
  claims(request: Request): boolean
  /** `undefined` where the request is to go its way. */
  answer(request: Request): Promise<Response | undefined>
}

/**
 * Opens the door when the first connection is made. MSW's interceptor takes part in connections from their beginning
 * only, so no connection may come before it; and it takes 50 ms to load, which a file without connections does not pay.
 */
export function watchSockets<Caller>(answerer: Answerer<Caller>): SocketDoor {
  const callers = new Callers(() => answerer.current())
  const unwatchCallers = callers.watch((caller, url) => answerer.claims(caller, url))
  let disable: (() => void) | undefined
  const unwatchConnect = beforeConnect(() => door.open())
  const door: SocketDoor = {
    open() {
      unwatchConnect()
      disable ??= enableInterceptor(door)
    },
    reopen() {
      const before = disable
      disable = undefined
      door.open()
      before?.()
    },
    close() {
      unwatchConnect()
      unwatchCallers()
      disable?.()
    },
    claims(request) {
      const [caller, url] = [callers.of(request), new URL(request.url)]
      // A client that is built at module level warms up before any test, on every run.
      return isWarmUp(url) || (caller !== undefined && answerer.claims(caller, url))
    },
    async answer(request) {
      const caller = callers.take(request)
      if (isWarmUp(new URL(request.url))) return new Response(null, { status: 204 })
      if (caller === undefined) return undefined
      return framed(await answerer.answer(caller, { request, signal: request.signal }))
    },
  }
  return door
}

/** What starts the handshake of a TLS socket; plain sockets have none. */
interface StartsHandshake {
  _start?: () => void
}
type Connect = (this: net.Socket & StartsHandshake, ...args: unknown[]) => net.Socket

/**
 * Every client connection of Node goes through this method, that of TLS included.
 *
 * `tls.connect` hands over the function that starts the handshake, as it was before the work. The interceptor tells by it
 * that a handshake is its own matter, and replaces that function when it is put in place: so the new one takes the place
 * of the old one, or the handshake would be started twice, which ends the process.
 */
function beforeConnect(work: () => void): () => void {
  const prototype = net.Socket.prototype as { connect: Connect }
  const original = prototype.connect
  let watching = true
  const connect: Connect = function (...args): net.Socket {
    const isOutermost: boolean = prototype.connect === connect
    const { _start: start } = this
    if (watching) work()
    const current = args.map(given => (given !== undefined && given === start ? this._start : given))
    // What the work has put in place sees this connection too; an interceptor that wraps this one has it in its hands.
    return Reflect.apply(isOutermost ? prototype.connect : original, this, current)
  }
  prototype.connect = connect
  return () => {
    watching = false
    if (prototype.connect === connect) prototype.connect = original
  }
}

/**
 * The interceptor itself, not a network of MSW around it: that would observe each response, so that its chunks are read
 * twice, and its end arrives too late for the client to keep the connection.
 */
function enableInterceptor(door: SocketDoor): () => void {
  const { HttpRequestInterceptor } = load('@mswjs/interceptors/http')
  const { RequestController } = load('@mswjs/interceptors')
  const handler = lightHandler(async request => (door.claims(request) ? door.answer(request) : undefined))
  const interceptor = new HttpRequestInterceptor()
  interceptor.on('request', async event => {
    const { controller, request } = event
    // A server before has answered, and MSW goes on to ask the next one. Nor has anybody a say in a bypassed request.
    if (controller.readyState !== RequestController.PENDING || takeBypassMark(request))
      return event.stopImmediatePropagation()
    const response = await load('msw/utils/get-response').getResponse([handler], request)
    if (response) controller.respondWith(response)
  })
  interceptor.apply()
  return () => interceptor.dispose()
}

/** Whether the request was made with MSW's `bypass()`; its mark, which the provider is not to see, is gone afterwards. */
function takeBypassMark({ headers }: Request): boolean {
  const accept = headers.get('accept')
  if (!accept?.includes('msw/passthrough')) return false
  const rest = accept.replace(/(?:,\s+)?msw\/passthrough/, '')
  if (rest) headers.set('accept', rest)
  else headers.delete('accept')
  return true
}

// The test may replace the clock (`vi.useFakeTimers()`).
const tick = setImmediate

/**
 * A response for the socket. It says how it is framed: without that, a client that aborts takes the whole process
 * down with an assertion in undici, and a broken stream looks like a complete one.
 */
function framed(response: Response): Response {
  if (response.type === 'error' || !response.body) return response
  const headers = new Headers(response.headers)
  headers.set('transfer-encoding', 'chunked')
  const { status, statusText } = response
  return new Response(response.body.pipeThrough(inTurns()), { status, statusText, headers })
}

/**
 * Chunks that are sent in one turn arrive as one. The end goes along with the last, as providers send it: a client that
 * leaves at `[DONE]` (`openai`) would break the connection off before it, and build another one for each call.
 */
function inTurns(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    async transform(chunk, controller) {
      await new Promise(resolve => tick(resolve))
      controller.enqueue(chunk)
    },
  })
}
