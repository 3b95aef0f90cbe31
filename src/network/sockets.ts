import net from 'node:net'
import { load } from '../load.ts'
import { isWarmUp } from '../providers.ts'
import { Callers } from './callers.ts'
import type { Answerer } from './network.ts'

/** The door for everything that opens a connection: a captured `fetch`, `node:https`, undici. */
export interface SocketDoor {
  open(): void
  close(): void
}

/**
 * Opens the door when the first connection is made. MSW's interceptor takes part in connections from their beginning
 * only, so no connection may come before it; and it takes 50 ms to load, which a file without connections does not pay.
 */
export function watchSockets<Caller>(answerer: Answerer<Caller>): SocketDoor {
  const callers = new Callers(() => answerer.current())
  const unwatchCallers = callers.watch((caller, url) => answerer.claims(caller, url))
  let disable: (() => void) | undefined
  const unwatchConnect = beforeConnect(() => open())
  function open(): void {
    unwatchConnect()
    disable ??= enableInterceptor(answerer, callers)
  }
  return {
    open,
    close() {
      unwatchConnect()
      unwatchCallers()
      disable?.()
    },
  }
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

function enableInterceptor<Caller>(answerer: Answerer<Caller>, callers: Callers<Caller>): () => void {
  const { defineNetwork, InterceptorSource } = load('msw/experimental')
  const { HttpRequestInterceptor } = load('@mswjs/interceptors/http')
  const { http } = load('msw/http')
  const answer = async (request: Request) => {
    const caller = callers.take(request)
    if (isWarmUp(new URL(request.url))) return new Response(null, { status: 204 })
    if (caller === undefined) return load('msw/utils/passthrough').passthrough()
    return framed(await answerer.answer(caller, { request, signal: request.signal }))
  }
  const network = defineNetwork({
    sources: [new InterceptorSource({ interceptors: [new HttpRequestInterceptor()] })],
    handlers: [
      http.all(
        ({ request }) => {
          const [caller, url] = [callers.of(request), new URL(request.url)]
          // A client that is built at module level warms up before any test, on every run.
          return isWarmUp(url) || (caller !== undefined && answerer.claims(caller, url))
        },
        ({ request }) => answer(request),
      ),
    ],
    onUnhandledFrame: 'bypass',
    context: { quiet: true },
  })
  network.enable()
  return () => void network.disable()
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
