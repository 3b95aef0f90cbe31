interface Address<Value> {
  /** Missing where the address stands in the index under its very host. */
  host: RegExp | undefined
  path: RegExp | undefined
  value: Value
}

/**
 * Looks values up by a URL. An address is a host, or a host and a path; `*` stands for any text that is not empty in a host,
 * and for any text in a path. An exact host goes before one with a `*`.
 *
 * Every request of a process is looked up, so a table of two hundred hosts must cost as little as one of ten: a host is
 * found in a map, and of those with a `*` only the ones are tried that end in the same two labels, or in the same port.
 */
export function indexAddresses<Value>(
  entries: Iterable<readonly [address: string, value: Value]>,
): (url: URL) => Value | undefined {
  let made: Map<string, Address<Value>[]> | undefined
  return url => {
    const { hostname, port } = url
    // It takes 3 ms, which a test file that makes no request does not pay.
    const index = (made ??= makeIndex(entries))
    const value = find(index.get(hostname), url) ?? find(index.get(`*${ending(hostname)}`), url)
    if (value !== undefined || port === '') return value
    return find(index.get(url.host), url) ?? find(index.get(`*:${port}`), url)
  }
}

function makeIndex<Value>(entries: Iterable<readonly [string, Value]>): Map<string, Address<Value>[]> {
  const index = new Map<string, Address<Value>[]>()
  for (const [text, value] of entries) {
    const { place, address } = readAddress(text, value)
    index.set(place, [...(index.get(place) ?? []), address])
  }
  return index
}

function readAddress<Value>(text: string, value: Value): { place: string; address: Address<Value> } {
  const [, host = '', path] = /^([^/]*)(\/.*)?$/.exec(text)!
  const hasStar = host.includes('*')
  return {
    place: hasStar ? `*${ending(host)}` : host,
    address: {
      host: hasStar ? new RegExp(`^${glob(host, '[^/]+')}$`) : undefined,
      path: path === undefined ? undefined : pathPattern(path),
      value,
    },
  }
}

/** The path's stars end before the query: no pattern takes more than linear time, however long the URL is. */
function pathPattern(text: string): RegExp {
  const [path = '', query] = text.split('?')
  const end = query === undefined ? '(?:\\?.*)?' : `\\?${glob(query, '.*')}`
  return new RegExp(`^${glob(path, '[^?]*')}${end}$`)
}

function glob(text: string, star: string): string {
  return text
    .split('*')
    .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join(star)
}

/** The port, or else the last two labels. */
function ending(host: string): string {
  const port = host.lastIndexOf(':')
  if (port >= 0 && !host.endsWith(']')) return host.slice(port)
  const last = host.lastIndexOf('.')
  return host.slice(Math.max(0, host.lastIndexOf('.', last - 1)))
}

function find<Value>(addresses: readonly Address<Value>[] | undefined, url: URL): Value | undefined {
  return addresses?.find(
    ({ host, path }) =>
      (host === undefined || host.test(url.hostname) || (url.port !== '' && host.test(url.host))) &&
      (path === undefined || path.test(url.pathname + url.search)),
  )?.value
}
