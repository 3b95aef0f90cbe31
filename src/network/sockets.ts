import net from 'node:net'
import { load } from '../load.ts'
import { isWarmUp } from '../providers.ts'
import { Callers } from './callers.ts'
import type { Answerer } from './answerer.ts'
import { networkHandler } from './handler.ts'

/** The door for everything that opens a connection: a captured `fetch`, `node:https`, undici. */
export interface SocketDoor {
  open(): void
  /** Opens it anew, behind the doors of others that have been opened since. */
  reopen(): void
  close(): void
  claims(request: Request): boolean
  answer(request: Request): Promise<Response>
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
      if (caller === undefined) return load('msw/utils/passthrough').passthrough()
      return framed(await answerer.answer(caller, { request, signal: request.signal }))
    },
  }
  return door
}

type Connect = (this: net.Socket, ...args: unknown[]) => net.Socket

/** Every client connection of Node goes through this method, that of TLS included. */
function beforeConnect(work: () => void): () => void {
  const prototype = net.Socket.prototype as { connect: Connect }
  const original = prototype.connect
  let watching = true
  const connect: Connect = function (...args): net.Socket {
    const isOutermost: boolean = prototype.connect === connect
    if (watching) work()
    // What the work has put in place sees this connection too; an interceptor that wraps this one has it in its hands.
    return Reflect.apply(isOutermost ? prototype.connect : original, this, args)
  }
  prototype.connect = connect
  return () => {
    watching = false
    if (prototype.connect === connect) prototype.connect = original
  }
}

function enableInterceptor(door: SocketDoor): () => void {
  const { defineNetwork, InterceptorSource } = load('msw/experimental')
  const { HttpRequestInterceptor } = load('@mswjs/interceptors/http')
  const { RequestController } = load('@mswjs/interceptors')
  const interceptor = new HttpRequestInterceptor()
  const own = new WeakSet<Request>()
  interceptor.on('request', event => {
    // A server before has answered, and MSW goes on to ask the next one.
    if (event.controller.readyState !== RequestController.PENDING) event.stopImmediatePropagation()
    if (isBypassed(event.request)) own.add(event.request)
  })
  const network = defineNetwork({
    sources: [new InterceptorSource({ interceptors: [interceptor] })],
    handlers: [networkHandler(async request => (door.claims(request) ? door.answer(request) : undefined))],
    onUnhandledFrame: 'bypass',
    context: { quiet: true },
  })
  network.enable()
  // Our network has taken the mark of a bypassed request away, so a server after it would not know.
  interceptor.on('request', event => {
    if (own.has(event.request)) event.stopImmediatePropagation()
  })
  return () => void network.disable()
}

function isBypassed(request: Request): boolean {
  return request.headers.get('accept')?.includes('msw/passthrough') ?? false
}

// The test may replace the clock (`vi.useFakeTimers()`).
const tick = setImmediate

/**
 * A response for the socket. It says how it is framed: without that, a client that aborts takes the whole process
 * down with an assertion in undici, and a broken stream looks like a complete one. Each chunk is sent in a turn of its
 * own, because those sent in one turn arrive as one.
 */
function framed(response: Response): Response {
  if (response.type === 'error' || !response.body) return response
  const reader = response.body.getReader()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await new Promise(resolve => tick(resolve))
        try {
          const { done, value } = await reader.read()
          if (done) controller.close()
          else controller.enqueue(value)
        } catch (error) {
          controller.error(error)
        }
      },
      cancel: reason => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
  const headers = new Headers(response.headers)
  headers.set('transfer-encoding', 'chunked')
  return new (load('msw/http').HttpResponse)(body, {
    status: response.status,
    statusText: response.statusText,
    headers: [...headers],
  })
}
