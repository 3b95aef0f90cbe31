/** The header by which a response is known to come from the door; it says what became of the call. */
const outcomeHeader = 'x-vitest-cassette'

/**
 * - `answered`: the rest is the answer
 * - `failed`: the connection to the provider failed
 * - `not-covered`: the call goes its own way
 * - `noted`: the call was not to be answered, but to be known
 */
export type Outcome = 'answered' | 'failed' | 'not-covered' | 'noted'

/** The header of what is only told to the door: a call over HTTP/2 was refused, or a request went its own way. */
export const purposeHeader = 'x-vitest-cassette-purpose'
export type Purpose = 'http2' | 'passed'

const errorHeader = 'x-vitest-cassette-error'
const originHeader = 'x-vitest-cassette-origin'

/** Headers of one connection, and what is decided anew for the next one. */
const ofConnection = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

export function fromDoor(outcome: Outcome, error?: string): Record<string, string> {
  return { [outcomeHeader]: outcome, ...(error === undefined ? {} : { [errorHeader]: error }) }
}

/** The path under which the door is asked for a URL. */
export function pathOf({ protocol, host, pathname, search }: URL): string {
  return `/${protocol.slice(0, -1)}/${host}${pathname}${search}`
}

/** The token and the URL in such a path below a token. */
export function targetOf(path: string): [token: string, url: URL | undefined] {
  const [, token = '', protocol = '', host = '', rest = ''] =
    /^\/([^/]*)(?:\/(https?)\/([^/?]+)(.*))?$/s.exec(path) ?? []
  return [token, host === '' ? undefined : (URL.parse(`${protocol}://${host}${rest}`) ?? undefined)]
}

/** The headers of a call, as the door is sent them. It refuses those of web pages by their `origin`. */
export function headersForDoor(headers: Headers): [name: string, value: string][] {
  return [...headers]
    .filter(([name]) => !ofConnection.has(name) && name !== 'accept-encoding')
    .map(([name, value]) => [name === 'origin' ? originHeader : name, value])
}

/** The headers of a call, as its provider is to be sent them. */
export function headersForProvider(raw: readonly string[]): Headers {
  const headers = new Headers()
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!.toLowerCase()
    if (!ofConnection.has(name)) headers.append(name === originHeader ? 'origin' : name, raw[at + 1]!)
  }
  return headers
}

/** The headers of an answer, on the way to the client and at its end. */
export function headersForClient(headers: Headers): [name: string, value: string][] {
  return [...headers].filter(([name]) => !ofConnection.has(name) && !name.startsWith(outcomeHeader))
}

/** What became of the call; `undefined` if the response does not come from the door. */
export function outcomeOf(headers: Headers): Outcome | undefined {
  return (headers.get(outcomeHeader) ?? undefined) as Outcome | undefined
}

interface Described {
  message: string
  code?: string | undefined
  cause?: Described | undefined
}

/** An error with its causes, as the value of a header. */
export function describeError(error: unknown): string {
  return encodeURIComponent(JSON.stringify(describe(error)))
}

function describe(error: unknown): Described {
  const { message = String(error), code, cause } = (error ?? {}) as Partial<NodeJS.ErrnoException>
  // A header does not take more than some kilobytes.
  return { message: message.slice(0, 1_000), code, cause: cause === undefined ? undefined : describe(cause) }
}

/** The error that `fetch` throws when it cannot connect. */
export function readError(headers: Headers): TypeError {
  const { message, cause } = JSON.parse(decodeURIComponent(headers.get(errorHeader) ?? '{}')) as Described
  return new TypeError(message, { cause: cause && revive(cause) })
}

function revive({ message, code, cause }: Described): Error {
  const error = new Error(message, cause ? { cause: revive(cause) } : {})
  return code === undefined ? error : Object.assign(error, { code })
}
