import type { ClientHttp2Session } from 'node:http2'
import { syncBuiltinESMExports } from 'node:module'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { beforeBuiltin } from './before-builtin.ts'
import { replaceExport } from './replace-export.ts'
import { withSocketConnect } from '../http/direct.ts'

/** The error with which a connection or request to this URL fails, or `undefined` if it may go its way. */
type Refuse = (url: URL) => Error | undefined

type Connect = typeof import('node:http2').connect

/**
 * Keeps LLM calls off HTTP/2, where no interceptor sees them, and keeps the interceptor off everybody else's.
 *
 * A socket that the interceptor holds carries no HTTP/2: the session writes to its native handle, which is not
 * connected, and hangs for ever. So a refused call fails at once, and any other session gets a socket of its own.
 *
 * To be called before the interceptor is in place.
 *
 * @returns takes the guard away
 */
export function guardHttp2(refuse: Refuse): () => void {
  const connectSocket = Socket.prototype.connect
  let unguard: (() => void) | undefined
  const stopWaiting = beforeBuiltin('http2', http2 => {
    const restore = replaceExport(http2, 'connect', connect => guard(connect, { connectSocket, refuse }))
    // For those who import it by its name.
    syncBuiltinESMExports()
    unguard = () => {
      restore()
      syncBuiltinESMExports()
    }
  })
  return () => {
    stopWaiting()
    unguard?.()
  }
}

function guard(
  connect: Connect,
  { connectSocket, refuse }: { connectSocket: Socket['connect']; refuse: Refuse },
): Connect {
  const guarded = (...[authority, options, listener]: Parameters<Connect>): ClientHttp2Session => {
    const origin = new URL(authority)
    throwIf(refuse(origin))
    const session = withSocketConnect(connectSocket, () =>
      (connect as Forward)(authority, withOwnSocket(options), listener),
    )
    return guardRequests(session, origin, refuse)
  }
  return guarded as Connect
}

/** One of the overloads. */
type Forward = (...args: Parameters<Connect>) => ClientHttp2Session

/** A session may be older than the test, and a host that serves other things is told by the path of the request. */
function guardRequests(session: ClientHttp2Session, origin: URL, refuse: Refuse): ClientHttp2Session {
  const request = session.request.bind(session)
  session.request = (headers, options) => {
    const path = (headers as Record<string, unknown> | undefined)?.[':path']
    throwIf(refuse(new URL(typeof path === 'string' ? path : '/', origin)))
    return request(headers, options)
  }
  return session
}

type Options = Parameters<Connect>[1]

/** gRPC clients connect first and hand their socket over, too late to keep the interceptor away from it. */
function withOwnSocket(options: Options): Options {
  if (typeof options !== 'object' || !options.createConnection) return options
  const { createConnection } = options
  return { ...options, createConnection: (...args) => withoutHandle(createConnection(...args)) }
}

/** Where a stream has no native handle, a session reads and writes it through its methods, which the interceptor passes on. */
function withoutHandle(socket: Duplex): Duplex {
  return new Proxy(socket, {
    get(target, name) {
      if (name === '_handle') return undefined
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
    set: (target, name, value) => Reflect.set(target, name, value),
  })
}

function throwIf(error: Error | undefined): void {
  if (error) throw error
}
