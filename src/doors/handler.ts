import type { RequestHandler } from 'msw'
import { Received } from '../http/received.ts'
import { isWarmUp } from '../providers.ts'
import type { Answerer } from './answerer.ts'
import type { Callers } from './callers.ts'
import { frameForSocket } from './framing.ts'

/** Where the fetch door leaves what it knows of a request. */
const known = Symbol('received')

/** Gives the handler a request for which the fetch door knows the caller already. */
export function requestFor<Caller>(received: Received<Caller>): Request {
  return Object.assign(received.request, { [known]: received })
}

/**
 * The one MSW handler: both doors end here, and so does a server of the user's that has it from `cassetteHandlers()`.
 *
 * It has what MSW asks of a handler, and is none of MSW's class: that one takes 14 ms longer to load in each test file, for
 * the cookies that it brings along, and copies each request with its body and its signal, which costs more than the answer.
 */
export function makeHandler<Caller>(answerer: Answerer<Caller>, callers: Callers<Caller>): RequestHandler {
  const answerAtSocket = async (request: Request): Promise<Response | undefined> => {
    const caller = callers.of(request)
    if (request.method === 'CONNECT') return answerTunnel(answerer, caller, request)
    const url = new URL(request.url)
    // A client that is built at module level warms up before any test, on every run.
    if (isWarmUp(url)) return new Response(null, { status: 204 })
    if (caller === undefined) return undefined
    if (!answerer.covers(caller, url)) return answerer.refuse(caller, request)
    callers.forget(request)
    return frameForSocket(await answerer.answer(new Received(request, caller)), request)
  }
  const handler = {
    kind: 'request',
    info: { header: 'vitest-cassette' },
    isUsed: false,
    async run({ request, requestId }: { request: Request; requestId: string }) {
      const { [known]: received } = request as { [known]?: Received<Caller> }
      const response = await (received ? answerer.answer(received) : answerAtSocket(request))
      return response ? { handler, request, requestId, response } : null
    },
    log() {},
    reset() {},
    restore() {},
    dispose() {},
  }
  return handler as unknown as RequestHandler
}

/** A client that works behind a proxy asks it for a tunnel first. One to a host that is replayed ends here. */
function answerTunnel<Caller>(
  answerer: Answerer<Caller>,
  caller: Caller | undefined,
  { url: authority }: Request,
): Response | undefined {
  const host = URL.parse(`https://${authority}`)
  const isReplayed = caller !== undefined && host !== null && answerer.replaysHost(caller, host)
  return isReplayed ? new Response(null, { status: 200 }) : undefined
}
