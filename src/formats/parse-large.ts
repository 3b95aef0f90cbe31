import { randomUUID } from 'node:crypto'
import { isObject } from '../wire/json.ts'
import { fromLlamaStack } from './llama-stack.ts'
import { broken, parseCassette, recordingsIn } from './parse.ts'
import type { RecordedResponse, Recording } from '../cassette/schema.ts'

/** The start and the end of a piece of the file, in bytes. */
type Place = readonly [start: number, end: number]

/**
 * Reads a large cassette as `parseCassette` does, but for the bodies of its responses: they are most of it, and each is
 * parsed when somebody asks for it. What is broken within one shows then.
 *
 * The bodies are found by the way in which a cassette is printed. One that somebody has laid out in another way is read
 * whole.
 *
 * @param bytes the file, UTF-8
 * @throws {CassetteError} `bad-cassette`, and so does `response.body`
 */
export function parseLarge(bytes: Buffer, file: string): Recording[] {
  const places = findBodies(bytes)
  const mark = randomUUID()
  const readWhole = () => parseCassette(bytes.toString(), file)
  const content = tryParse(withoutBodies(bytes, places, `"${mark}"`))
  const marked = markedIn(content, mark)
  if (content === undefined || marked.length !== places.length || !marked.every(isPlain)) return readWhole()
  const recordings = recordingsIn(content, file)
  const waiting = recordings.filter(({ response }) => response.body === mark)
  for (const [index, { response }] of waiting.entries()) {
    const text = () => bytes.toString('utf8', ...places[index]!)
    texts.set(response, text)
    setLater(response, 'body', () => {
      texts.delete(response)
      const body = tryParse(text())
      if (body !== undefined) return body
      // Where a body is broken, so is the file: to read it says where.
      readWhole()
      throw broken(file, 'response.body', 'its last bracket does not stand where those of cassettes do')
    })
  }
  return recordings
}

const texts = new WeakMap<RecordedResponse, () => string>()

/** The JSON text of a body for whose value nobody has asked yet. */
export function unparsedBody(response: RecordedResponse): string | undefined {
  return texts.get(response)?.()
}

/** These lines come before the body of a response, and none of them before that of a request. */
const linesBefore = [
  '"is_streaming": true,',
  '"is_streaming": false,',
  '"format": "ndjson",',
  '"event_names": "type",',
].map(line => Buffer.from(line))
const bodyStart = Buffer.from('\n        "body": ')
/** By how a body begins, how its last line does. */
const lastLines = new Map([
  ['[\n', Buffer.from('        ]')],
  ['{\n', Buffer.from('        }')],
])
const newline = 0x0a
const space = 0x20
/** How many spaces each line within a body begins with, at least. */
const depth = 10

/** Checked with the rest of the file: what is no base64 would be decoded without an error. */
const binary = Buffer.from('{\n          "__base64__"')

/** Where the bodies of responses stand, in the order of the file; of those that fill more than a line. */
function findBodies(bytes: Buffer): Place[] {
  const places: Place[] = []
  for (let found = bytes.indexOf(bodyStart); found !== -1; found = bytes.indexOf(bodyStart, found + 1)) {
    const start = found + bodyStart.length
    const lastLine = lastLines.get(bytes.toString('latin1', start, start + 2))
    const isResponse = linesBefore.some(line => bytes.subarray(found - line.length, found).equals(line))
    if (!isResponse || !lastLine || bytes.subarray(start, start + binary.length).equals(binary)) continue
    const end = endOfBody(bytes, start, lastLine)
    if (end === undefined) continue
    places.push([start, end])
    found = end - lastLine.length - 1
  }
  return places
}

/** Looks at every line: past a bracket that somebody has moved, the next recording would count as part of this body. */
function endOfBody(bytes: Buffer, start: number, lastLine: Buffer): number | undefined {
  for (let at = bytes.indexOf(newline, start); at !== -1; at = bytes.indexOf(newline, at + 1 + depth)) {
    const line = at + 1
    if (isDeep(bytes, line)) continue
    const end = line + lastLine.length
    return bytes.subarray(line, end).equals(lastLine) ? end : undefined
  }
  return undefined
}

function isDeep(bytes: Buffer, line: number): boolean {
  for (let at = line; at < line + depth; at++) if (bytes[at] !== space) return false
  return true
}

function withoutBodies(bytes: Buffer, places: readonly Place[], instead: string): string {
  const between: string[] = []
  let last = 0
  for (const [start, end] of places) {
    between.push(bytes.toString('utf8', last, start))
    last = end
  }
  between.push(bytes.toString('utf8', last))
  return between.join(instead)
}

function markedIn(content: unknown, mark: string): unknown[] {
  const recordings: unknown = isObject(content) && content.recordings
  if (!Array.isArray(recordings)) return []
  return recordings.filter(
    recording => isObject(recording) && isObject(recording.response) && recording.response.body === mark,
  )
}

/** What has to be turned into a recording of the wire cannot do without its body. */
function isPlain(recording: unknown): boolean {
  return fromLlamaStack(recording) === recording
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A property whose value is made when it is asked for first. */
function setLater<Name extends string>(
  target: { [name in Name]?: unknown },
  name: Name,
  make: () => unknown,
) {
  const options = { configurable: true, enumerable: true }
  const set = (value: unknown) =>
    void Object.defineProperty(target, name, { ...options, writable: true, value })
  const get = (): unknown => {
    set(make())
    return target[name]
  }
  Object.defineProperty(target, name, { ...options, get, set })
}
