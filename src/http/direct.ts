import net from 'node:net'

/** What `fetch` takes with a request to send it (`RequestInit.dispatcher` of undici). */
export type Dispatcher = NonNullable<RequestInit['dispatcher']>

/** Where undici wants to connect to. */
interface Target {
  protocol: string
  hostname: string
  port: string
  servername?: string | null
  localAddress?: string | null
}
type Connected = (error: Error | null, socket: net.Socket | null) => void
type Agent = new (options: { connect: (target: Target, connected: Connected) => void }) => Dispatcher

// The test may replace the clock (`vi.useFakeTimers()`).
const real = { setTimeout, clearTimeout }
/** As undici's own, in ms. */
const patience = 10_000
/** Where the dispatcher is kept which takes the requests of `fetch` that name none. */
const globalDispatcher = Symbol.for('undici.globalDispatcher.1')

/**
 * The way to providers for calls that are recorded. Through the interceptor, the first of a test file would wait for code
 * that answers nothing, and its file for that code to load, some 50 ms.
 *
 * They are kept apart from all other connections: a call that gets one of them would reach the provider in silence.
 *
 * To be called before the interceptor is in place.
 *
 * @returns the dispatcher of now; `undefined` where somebody has a say in how connections are made: another interceptor, a
 * proxy, certificates
 */
export function directConnections(fetch: typeof globalThis.fetch): () => Dispatcher | undefined {
  const connect = net.Socket.prototype.connect
  const isIntercepted = '__MSW_INTERCEPTORS_REGISTRY' in globalThis || !isNodesFetch(fetch)
  let made: { for: unknown; dispatcher: Dispatcher | undefined } | undefined
  return () => {
    if (isIntercepted) return undefined
    // Node makes it when somebody asks for one of the classes.
    Reflect.get(globalThis, 'Request')
    const current = (globalThis as { [globalDispatcher]?: object })[globalDispatcher]
    if (made?.for !== current) made = { for: current, dispatcher: dispatcherLike(current, connect) }
    return made?.dispatcher
  }
}

/** Connecting starts before `work` returns, so the interceptor is away for that time only. */
export function withSocketConnect<Result>(connect: net.Socket['connect'], work: () => Result): Result {
  const intercepted = net.Socket.prototype.connect
  net.Socket.prototype.connect = connect
  try {
    return work()
  } finally {
    net.Socket.prototype.connect = intercepted
  }
}

function dispatcherLike(current: object | undefined, connect: net.Socket['connect']): Dispatcher | undefined {
  const { constructor } = current ?? {}
  return isNodesAgent(constructor)
    ? new constructor({
        connect: (target, connected) =>
          handOver(
            withSocketConnect(connect, () => socketTo(target)),
            connected,
          ),
      })
    : undefined
}

function handOver(socket: net.Socket, connected: Connected): void {
  // As undici's own: a model may think for minutes without a byte.
  socket.setNoDelay(true).setKeepAlive(true, 60_000)
  const giveUp = real.setTimeout(
    () =>
      socket.destroy(Object.assign(new Error('Connect Timeout Error'), { code: 'UND_ERR_CONNECT_TIMEOUT' })),
    patience,
  )
  const settle = (error: Error | null) => {
    real.clearTimeout(giveUp)
    socket.off('error', settle)
    connected(error, error ? null : socket)
  }
  socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => settle(null)).once('error', settle)
}

function socketTo({ protocol, hostname: host, port, servername, localAddress }: Target): net.Socket {
  const isSecure = protocol === 'https:'
  const to = { host, port: Number(port || (isSecure ? 443 : 80)), ...(localAddress ? { localAddress } : {}) }
  if (!isSecure) return net.connect(to)
  // Loaded by those who need it.
  const tls = process.getBuiltinModule('node:tls')
  const name = servername ?? (net.isIP(host) ? '' : host)
  return tls.connect({ ...to, servername: name, ALPNProtocols: ['http/1.1'] })
}

/** Node's own `fetch`, which is made of its own undici: whoever has replaced it may not pass a dispatcher on. */
function isNodesFetch(fetch: unknown): boolean {
  return Function.prototype.toString.call(fetch).includes('internal/deps/undici')
}

/** Not that of a user's undici, nor one for proxies: those have options that nobody can see. */
function isNodesAgent(constructor: unknown): constructor is Agent {
  if (typeof constructor !== 'function' || constructor.name !== 'Agent') return false
  try {
    Reflect.construct(constructor, [{ connect: 'none' }])
    return false
  } catch (error) {
    // It says where it comes from.
    return String((error as Error).stack).includes('node:internal/deps/undici')
  }
}
