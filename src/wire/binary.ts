import { at } from './json.ts'

/** Bytes in a recording. */
export interface BinaryBody {
  __base64__: string
}

export function decodeBinary(bytes: Uint8Array): BinaryBody {
  return { __base64__: Buffer.from(bytes).toString('base64') }
}

export function encodeBinary(body: BinaryBody): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(body.__base64__, 'base64'))
}

export function isBinary(body: unknown): body is BinaryBody {
  return typeof at(body, '__base64__') === 'string'
}

/**
 * Cuts an AWS event stream (`application/vnd.amazon.eventstream`) into its messages. Each starts with its own length in
 * 4 bytes, big-endian. From a length on that cannot be right, the rest is one piece.
 */
export function splitAwsEvents(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const messages: Uint8Array<ArrayBuffer>[] = []
  let start = 0
  while (start + 4 <= bytes.byteLength) {
    const length = view.getUint32(start)
    // The shortest message is a prelude (12 bytes) and a checksum (4 bytes).
    if (length < 16 || start + length > bytes.byteLength) break
    messages.push(bytes.subarray(start, start + length))
    start += length
  }
  return start < bytes.byteLength ? [...messages, bytes.subarray(start)] : messages
}
