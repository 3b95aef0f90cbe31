import type { RequestListener, Server } from 'node:http'

/**
 * Starts an HTTP server on a free port of 127.0.0.1. Its address is known when this returns: a process that is started
 * now is told it, and `spawn` waits for nothing.
 *
 * `listen` looks every host up, an address as well, and only goes on once it has the answer. It gets it at once here.
 */
export function listenAtOnce(listener: RequestListener): Server {
  const { createServer } = process.getBuiltinModule('node:http')
  // A connection that a client has kept is never closed while it sends the next request.
  const server = createServer({ keepAliveTimeout: 0 }, listener)
  server.on('connection', socket => socket.unref())
  const dns = process.getBuiltinModule('node:dns')
  const { lookup } = dns
  dns.lookup = findItself as typeof lookup
  try {
    return server.listen(0, '127.0.0.1').unref()
  } finally {
    dns.lookup = lookup
  }
}

type One = (error: null, address: string, family: number) => void
type All = (error: null, addresses: { address: string; family: number }[]) => void

/** As `dns.lookup`, for an IPv4 address. */
function findItself(address: string, options: { all?: boolean } | One, found: One | All): void {
  if (typeof options === 'function') options(null, address, 4)
  else if (options.all) (found as All)(null, [{ address, family: 4 }])
  else (found as One)(null, address, 4)
}
