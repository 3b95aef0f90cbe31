import net from 'node:net'
import type { RequestHandler } from 'msw'
import { load } from '../load.ts'

/** The door for everything that opens a connection: a captured `fetch`, `node:https`, undici. */
export class SocketDoor {
  private readonly handler: RequestHandler
  private readonly notePassed: (request: Request) => void
  private stopWaiting: (() => void) | undefined
  private removeInterceptor: (() => void) | undefined

  /** @param notePassed is told of each request that nobody has answered */
  constructor(handler: RequestHandler, notePassed: (request: Request) => void) {
    this.handler = handler
    this.notePassed = notePassed
  }

  /**
   * Opens the door when the first connection is made. MSW's interceptor takes part in connections from their beginning
   * only, so no connection may come before it; and it takes 50 ms to load, which a file without connections does not pay.
   */
  openAtFirstConnection(): void {
    this.stopWaiting = beforeConnect(() => this.open())
  }

  open(): void {
    this.stopWaiting?.()
    this.removeInterceptor ??= addInterceptor(this.handler, this.notePassed)
  }

  /** Opens the door behind those that others have opened since: MSW asks in the order in which they were opened. */
  moveBack(): void {
    const removeFirst = this.removeInterceptor
    this.removeInterceptor = undefined
    this.open()
    removeFirst?.()
  }

  close(): void {
    this.stopWaiting?.()
    this.removeInterceptor?.()
    this.removeInterceptor = undefined
  }
}

/** What starts the handshake of a TLS socket; plain sockets have none. */
interface StartsHandshake {
  _start?: () => void
}
type Connect = (this: net.Socket & StartsHandshake, ...args: unknown[]) => net.Socket

/**
 * Does some work before the first connection. Every client connection of Node goes through this method, that of TLS included.
 *
 * `tls.connect` hands over the function that starts the handshake, as it was before the work. The interceptor tells by it
 * that a handshake is its own matter, and replaces that function when it is put in place: so the new one takes the place
 * of the old one, or the handshake would be started twice, which ends the process.
 *
 * @returns waits no longer
 */
function beforeConnect(work: () => void): () => void {
  const prototype = net.Socket.prototype as { connect: Connect }
  const original = prototype.connect
  let isWaiting = true
  const connect: Connect = function (...args): net.Socket {
    const isOutermost: boolean = prototype.connect === connect
    const { _start: start } = this
    if (isWaiting) work()
    const current = args.map(given => (given !== undefined && given === start ? this._start : given))
    // What the work has put in place sees this connection too; an interceptor that wraps this one has it in its hands.
    return Reflect.apply(isOutermost ? prototype.connect : original, this, current)
  }
  prototype.connect = connect
  return () => {
    isWaiting = false
    if (prototype.connect === connect) prototype.connect = original
  }
}

/**
 * The interceptor itself, not a network of MSW around it: that would observe each response, so that its chunks are read
 * twice, and its end arrives too late for the client to keep the connection.
 *
 * @returns removes it
 */
function addInterceptor(handler: RequestHandler, notePassed: (request: Request) => void): () => void {
  const { HttpRequestInterceptor } = load('@mswjs/interceptors/http')
  const { RequestController } = load('@mswjs/interceptors')
  const interceptor = new HttpRequestInterceptor()
  interceptor.on('request', async event => {
    const { controller, request } = event
    // A server before has answered, and MSW goes on to ask the next one. Nor has anybody a say in a bypassed request.
    if (controller.readyState !== RequestController.PENDING || takeBypassMark(request))
      return event.stopImmediatePropagation()
    const response = await load('msw/utils/get-response').getResponse([handler], request)
    if (response) return controller.respondWith(response)
    // A server that comes after may still answer.
    void controller.handled.then(() => {
      if (controller.readyState === RequestController.PASSTHROUGH) notePassed(request)
    })
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
