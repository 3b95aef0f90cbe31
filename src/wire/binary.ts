/** Bytes as they stand in a recording. */
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
  return typeof body === 'object' && body !== null && typeof (body as BinaryBody).__base64__ === 'string'
}

/**
 * Cuts an AWS event stream (`application/vnd.amazon.eventstream`) into its messages, each of which starts with its
 * own length: 4 bytes, big-endian. What does not add up is left as one piece.
 */
export function splitAwsEvents(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const messages: Uint8Array<ArrayBuffer>[] = []
  let start = 0
  while (start + 4 <= bytes.byteLength) {
    const length = view.getUint32(start)
    // Prelude (12) and checksum (4) are the shortest possible message.
    if (length < 16 || start + length > bytes.byteLength) break
    messages.push(bytes.subarray(start, start + length))
    start += length
  }
  return start < bytes.byteLength ? [...messages, bytes.subarray(start)] : messages
}
