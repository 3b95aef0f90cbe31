import type { ServerResponse } from 'node:http'
import { fromDoor, headersForClient } from './protocol.ts'

/** Sends a response over HTTP as it comes: each of its chunks is one there. */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  const { status, statusText, headers, body } = response
  outgoing.sendDate = false
  outgoing.writeHead(
    status,
    statusText,
    [...headersForClient(headers), ...Object.entries(fromDoor('answered'))].flat(),
  )
  outgoing.flushHeaders()
  if (body) await sendBody(body, outgoing)
  outgoing.end()
}

/** @throws where the body breaks off */
async function sendBody(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const reader = body.getReader()
  outgoing.on('close', () => void reader.cancel().catch(() => undefined))
  for (;;) {
    const { done, value } = await reader.read()
    if (done || outgoing.destroyed) return
    await new Promise<void>(resolve => {
      outgoing.write(value, () => resolve())
    })
  }
}
