// The test may replace the clock (`vi.useFakeTimers()`).
const { setImmediate } = globalThis

/**
 * A response for a socket, to this request. It says how it is framed: without that, a client that aborts takes the whole process down with
 * an assertion in undici, and a broken stream looks like a complete one.
 */
export function frameForSocket(response: Response, request: Request): Response {
  if (response.type === 'error' || !response.body) return response
  const headers = new Headers(response.headers)
  headers.set('transfer-encoding', 'chunked')
  // A kept socket that MSW has answered would carry the next call to the real host: Node keeps it unless it is told this.
  const isLast = request.headers.get('connection')?.toLowerCase() === 'close'
  if (isLast) headers.set('connection', 'close')
  const { status, statusText } = response
  return new Response(response.body.pipeThrough(oneTurnEach()), { status, statusText, headers })
}

/**
 * Chunks that are sent in one turn of the event loop arrive as one. The end goes along with the last chunk, as providers
 * send it: a client that leaves at `[DONE]` (`openai`) would otherwise break the connection off before the end, and build
 * another one for each call.
 */
function oneTurnEach(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    async transform(chunk, controller) {
      await new Promise(resolve => setImmediate(resolve))
      controller.enqueue(chunk)
    },
  })
}
