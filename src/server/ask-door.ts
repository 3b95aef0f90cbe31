import type { IncomingMessage } from 'node:http'
import net from 'node:net'
import { withSocketConnect } from '../http/direct.ts'
import { runAsUpstream } from '../http/upstream.ts'
import {
  headersForClient,
  headersForDoor,
  outcomeOf,
  pathOf,
  purposeHeader,
  type Outcome,
  type Purpose,
} from './protocol.ts'

// As it is before an interceptor has a say in it.
const { connect } = net.Socket.prototype

/** A call as it goes to the door. */
export interface Question {
  method: string
  url: URL
  headers: Headers
  body: Uint8Array | string
  signal: AbortSignal
}

export interface Reply {
  outcome: Outcome
  /** All of them, those of the door included. */
  headers: Headers
  response: Response
}

/**
 * Asks the door of a test for the answer to a call, past all interceptors, proxies and dispatchers of this process.
 *
 * @param door its address, with the token
 * @throws where it cannot be reached, or does not answer
 */
export async function askDoor(
  door: string,
  { method, url, headers, body, signal }: Question,
): Promise<Reply> {
  const incoming = await request(door, { method, url, headers: headersForDoor(headers), body, signal })
  const received = new Headers(pairsOf(incoming.rawHeaders))
  const outcome = outcomeOf(received)
  if (outcome === undefined) throw new Error(await textOf(incoming))
  return { outcome, headers: received, response: responseOf(incoming, received, signal) }
}

/** Tells the door of what is not for it to answer. */
export function tellDoor(door: string, purpose: Purpose, url: URL): void {
  const question = { method: 'POST', url, headers: [[purposeHeader, purpose]] as Pairs, body: '' }
  // Where nobody is there any more, nobody wants to know.
  void request(door, question).then(
    incoming => incoming.resume(),
    () => undefined,
  )
}

type Pairs = [name: string, value: string][]

function request(
  door: string,
  {
    url,
    body,
    headers,
    ...rest
  }: Omit<Question, 'headers' | 'signal'> & { headers: Pairs; signal?: AbortSignal },
): Promise<IncomingMessage> {
  const { hostname, port, pathname } = new URL(door)
  const http = process.getBuiltinModule('node:http')
  return new Promise((resolve, reject) => {
    const options = {
      hostname,
      port,
      path: pathname + pathOf(url),
      headers: Object.fromEntries(headers),
      // A connection of its own, which connects at once, and which keeps no process alive.
      agent: false as const,
      ...rest,
    }
    const sent = runAsUpstream(() => withSocketConnect(connect, () => http.request(options)))
    sent.on('response', resolve).on('error', reject).end(body)
  })
}

function responseOf(incoming: IncomingMessage, headers: Headers, signal: AbortSignal): Response {
  const { statusCode: status = 200, statusMessage: statusText = '' } = incoming
  const isEmpty = status === 204 || status === 205 || status === 304
  if (isEmpty) incoming.resume()
  return new Response(isEmpty ? null : bodyOf(incoming, signal), {
    status,
    statusText,
    headers: headersForClient(headers),
  })
}

/** The chunks as the door has sent them. An iterator of Node's stream would join those that are there already. */
function bodyOf(incoming: IncomingMessage, signal: AbortSignal): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      start(controller) {
        incoming.pause()
        incoming
          .on('data', (chunk: Buffer) => {
            controller.enqueue(new Uint8Array(chunk))
            incoming.pause()
          })
          .on('end', () => controller.close())
          .on('error', error => controller.error(signal.aborted ? signal.reason : terminated(error)))
      },
      pull: () => void incoming.resume(),
      cancel: () => void incoming.destroy(),
    },
    { highWaterMark: 0 },
  )
}

/** The error that reading a body throws when its connection breaks. */
function terminated(error: Error): TypeError {
  const cause = Object.assign(new Error('other side closed', { cause: error }), { code: 'UND_ERR_SOCKET' })
  return new TypeError('terminated', { cause })
}

function pairsOf(raw: readonly string[]): Pairs {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1]!] as [string, string]] : []))
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of incoming) text += String(chunk)
  return text.trim()
}
