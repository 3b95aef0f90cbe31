import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A provider on 127.0.0.1, as an app's client meets it. */
export interface Provider extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/v1` */
  url: string
  /** Bodies of the requests so far. */
  requests: string[]
  /** How many responses were cut off by the client. */
  aborted: number
  stop(): Promise<void>
}

export type Reply = (
  request: { body: string; url: string; method: string; headers: IncomingHttpHeaders },
  response: ServerResponse,
) => void | Promise<void>

export async function startProvider(reply: Reply): Promise<Provider> {
  const provider = { requests: [] as string[], aborted: 0 }
  const listener: RequestListener = (request: IncomingMessage, response) => {
    response.on('close', () => (provider.aborted += response.writableFinished ? 0 : 1))
    const read = text(request).then(async body => {
      provider.requests.push(body)
      const { url = '', method = '', headers } = request
      await reply({ body, url, method, headers }, response)
    })
    // Clients that are killed leave requests behind that nobody can read.
    read.catch(() => undefined)
  }
  const server: Server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const stop = async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return Object.assign(provider, { url, stop, [Symbol.asyncDispose]: stop })
}

// A provider lives by the real clock, whatever the test does to its own.
const { setTimeout } = globalThis
export const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** The events of a chat completion that says these words, one event a word. */
export function chatEvents(words: string[]): string[] {
  const chunk = (delta: object, finish_reason: string | null) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1758191363,
    model: 'test-model',
    choices: [{ index: 0, delta, finish_reason }],
  })
  const data = [
    chunk({ role: 'assistant', content: '' }, null),
    ...words.map(content => chunk({ content }, null)),
    chunk({}, 'stop'),
  ]
  return [...data.map(item => `data: ${JSON.stringify(item)}\n\n`), 'data: [DONE]\n\n']
}

/** Replies to everything with these words, as an event stream. */
export function streamWords(words: string[], { gap = 0, linger = 0 } = {}): Reply {
  return async (_request, response) => {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'set-cookie': 'session=secret',
    })
    for (const event of chatEvents(words)) {
      response.write(event)
      if (gap > 0) await sleep(gap)
    }
    if (linger > 0) await sleep(linger)
    response.end()
  }
}

/** Replies with a chat completion that says `say(body)`. */
export function completeWith(say: (body: string) => string): Reply {
  return ({ body }, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1758191363,
        model: 'test-model',
        choices: [{ index: 0, message: { role: 'assistant', content: say(body) }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      }),
    )
  }
}
