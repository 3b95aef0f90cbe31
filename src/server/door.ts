import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answerer } from '../doors/answerer.ts'
import { Received } from '../http/received.ts'
import { causeOf } from '../http/upstream.ts'
import { listenAtOnce } from './listen-at-once.ts'
import { describeError, fromDoor, headersForProvider, purposeHeader, targetOf } from './protocol.ts'
import { sendResponse } from './send-response.ts'

type AnswersCalls<Caller> = Pick<Answerer<Caller>, 'covers' | 'answer' | 'refuseHttp2' | 'notePassed'>

/**
 * The way in for calls of other processes and threads: an HTTP server on 127.0.0.1, whose paths begin with a token that
 * says on whose behalf the call is made, and go on with the URL that was called:
 *
 *     http://127.0.0.1:<port>/<token>/https/api.openai.com/v1/chat/completions
 */
export class Door<Caller extends object> {
  private readonly answerer: AnswersCalls<Caller>
  private readonly callers = new Map<string, Caller>()
  private readonly tokens = new WeakMap<Caller, string>()
  private server: Server | undefined

  constructor(answerer: AnswersCalls<Caller>) {
    this.answerer = answerer
  }

  /** The address for calls on behalf of this caller. Opens the door, which keeps no process alive. */
  urlFor(caller: Caller): string {
    return `http://127.0.0.1:${this.listen()}/${this.tokenFor(caller)}`
  }

  /** Lets whoever has an address by now call on behalf of this one. */
  handAllTo(caller: Caller): void {
    for (const token of this.callers.keys()) this.callers.set(token, caller)
  }

  close(): void {
    this.server?.closeAllConnections()
    this.server?.close()
    this.server = undefined
    this.callers.clear()
  }

  private listen(): number {
    this.server ??= listenAtOnce((incoming, outgoing) => void this.handle(incoming, outgoing))
    // Without a port nobody can call, and the calls are refused where they are made.
    return (this.server.address() as AddressInfo | null)?.port ?? 0
  }

  private tokenFor(caller: Caller): string {
    const known = this.tokens.get(caller)
    if (known !== undefined && this.callers.get(known) === caller) return known
    const token = randomBytes(16).toString('hex')
    this.tokens.set(caller, token)
    this.callers.set(token, caller)
    return token
  }

  private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const [token, url] = targetOf(incoming.url ?? '')
      const caller = this.callers.get(token)
      // A page in a browser sends this header, and has no business here.
      if (incoming.headers.origin !== undefined)
        refuse(outgoing, 403, 'This server does not answer web pages.')
      else if (!caller) refuse(outgoing, 410, 'The test run that this address belonged to is over.')
      else if (!url) refuse(outgoing, 400, 'This address has no URL of a provider in it.')
      else await this.serve(caller, url, { incoming, outgoing })
    } catch {
      // The client has left, or cannot be told any more.
      outgoing.destroy()
    }
  }

  private async serve(caller: Caller, url: URL, exchange: Exchange): Promise<void> {
    const { incoming, outgoing } = exchange
    // All of it, whoever needs it: the client would not get an answer while it still sends.
    const body = await readBody(incoming)
    const purpose = incoming.headers[purposeHeader]
    if (purpose === 'http2') this.answerer.refuseHttp2(caller, url)
    if (purpose === 'passed') this.answerer.notePassed(caller, url)
    if (purpose !== undefined) outgoing.writeHead(204, fromDoor('noted')).end()
    else if (this.answerer.covers(caller, url)) await this.answer(caller, { ...exchange, url, body })
    else {
      this.answerer.notePassed(caller, url)
      outgoing.writeHead(204, fromDoor('not-covered')).end()
    }
  }

  private async answer(caller: Caller, { url, body, incoming, outgoing }: Call): Promise<void> {
    const leaving = new AbortController()
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) leaving.abort()
    })
    if (outgoing.destroyed) leaving.abort()
    const request = new Request(url, {
      method: incoming.method ?? 'GET',
      headers: headersForProvider(incoming.rawHeaders),
      ...(body.length > 0 ? { body } : {}),
    })
    const response = await this.answerer.answer(new Received(request, caller, { signal: leaving.signal }))
    if (response.type === 'error')
      outgoing.writeHead(204, fromDoor('failed', describeError(causeOf(response)))).end()
    else await sendResponse(response, outgoing)
  }
}

interface Exchange {
  incoming: IncomingMessage
  outgoing: ServerResponse
}

interface Call extends Exchange {
  url: URL
  body: Uint8Array<ArrayBuffer>
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array)
  return new Uint8Array(Buffer.concat(chunks))
}

function refuse(outgoing: ServerResponse, status: number, reason: string): void {
  outgoing.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${reason}\n`)
}
