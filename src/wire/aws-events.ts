import { splitAwsEvents } from './binary.ts'

export interface AwsEvent {
  /** The header `:event-type`, or else `:exception-type`. */
  type: string
  /** JSON text. */
  payload: string
}

const preludeLength = 12
const checksumLength = 4

/**
 * Reads the type and the payload of each message in an AWS event stream. Broken messages are left out and checksums are
 * not verified, because only people and assertions read the result: a replay sends the recorded bytes.
 */
export function readAwsEvents(bytes: Uint8Array<ArrayBuffer>): AwsEvent[] {
  return splitAwsEvents(bytes).flatMap(message => readMessage(message) ?? [])
}

/** A message has its length, that of its headers and a checksum (4 bytes each), headers, payload, checksum (4 bytes). */
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

/** A header has 1 byte length, name, 1 byte type, value. Events only have values of type 7: 2 bytes length, text. */
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
