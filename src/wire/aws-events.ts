import { splitAwsEvents } from './binary.ts'

export interface AwsEvent {
  /** `:event-type`, or `:exception-type`. */
  type: string
  /** JSON text. */
  payload: string
}

const preludeLength = 12
const checksumLength = 4

/**
 * Reads an AWS event stream: of each message the type and the payload. What is no whole message is left out, and the
 * checksums are not looked at: this is for people who read, replay keeps the bytes.
 */
export function readAwsEvents(bytes: Uint8Array<ArrayBuffer>): AwsEvent[] {
  return splitAwsEvents(bytes).flatMap(message => readMessage(message) ?? [])
}

/** 4 bytes length, 4 bytes length of the headers, 4 bytes checksum; headers; payload; 4 bytes checksum. */
function readMessage(message: Uint8Array<ArrayBuffer>): AwsEvent | undefined {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  if (message.byteLength < preludeLength + checksumLength) return undefined
  if (view.getUint32(0) !== message.byteLength) return undefined
  const end = preludeLength + view.getUint32(4)
  if (end > message.byteLength - checksumLength) return undefined
  const headers = readHeaders(message.subarray(preludeLength, end))
  const type = headers.get(':event-type') ?? headers.get(':exception-type')
  const payload = new TextDecoder().decode(message.subarray(end, message.byteLength - checksumLength))
  return type === undefined ? undefined : { type, payload }
}

/** 1 byte length, name, 1 byte type; a text (7) has 2 bytes length before it. Events have no other type. */
function readHeaders(bytes: Uint8Array): Map<string, string> {
  const headers = new Map<string, string>()
  const text = (from: number, length: number) => new TextDecoder().decode(bytes.subarray(from, from + length))
  let at = 0
  while (at < bytes.byteLength) {
    const name = text(at + 1, bytes[at]!)
    at += 1 + bytes[at]!
    if (bytes[at] !== 7) break
    const length = bytes[at + 1]! * 256 + bytes[at + 2]!
    headers.set(name, text(at + 3, length))
    at += 3 + length
  }
  return headers
}
