import fc from './support/fast-check.ts'
import { expect, test } from 'vitest'
import { parseCassette } from '../src/formats/parse.ts'
import { recordCall } from '../src/http/record-call.ts'
import { serializeCassette } from '../src/formats/serialize.ts'
import { decodeBody, encodeBody, type RecordedBody } from '../src/wire/body.ts'
import { meaning, readEventStream } from './support/event-stream.ts'
import { readExactly } from './support/exact-json.ts'
import { oddJson } from './support/odd-json.ts'

const sse = 'text/event-stream; charset=utf-8'
const ndjson = 'application/x-ndjson'
const bytesOf = (text: string) => new TextEncoder().encode(text)

const text = fc.string({ unit: 'binary' }).map(value => value.replace(/[\r\n]/g, ''))
const data = fc.oneof(
  { weight: 4, arbitrary: oddJson },
  fc.constantFrom('[DONE]', '', ' ', '"text"', '{', 'null'),
  text,
)
const field = (name: string, value: fc.Arbitrary<string>) =>
  fc.tuple(fc.constantFrom(': ', ':'), value).map(([colon, content]) => `${name}${colon}${content}`)
const line = fc.oneof(
  { weight: 6, arbitrary: field('data', data) },
  { weight: 2, arbitrary: field('event', fc.oneof(fc.constantFrom('ping', 'a', '', '0'), text)) },
  field('id', fc.oneof(fc.nat().map(String), fc.constantFrom('', 'a\0b'), text)),
  field('retry', fc.oneof(fc.nat().map(String), fc.constantFrom('', '007', '1e3', '-1'))),
  field('', fc.oneof(fc.constantFrom('', ' OPENROUTER PROCESSING', ' keepalive'), text)),
  fc.constantFrom(
    'data',
    'event',
    'id',
    'retry',
    'unknown: field',
    ' data: indented',
    'DATA: big',
    '\uFEFFdata: x',
  ),
  text,
)
const lineEnd = fc.constantFrom('\n', '\n', '\r\n', '\r')
/** Lines, each with its own ending; an empty line is one event's end. */
const eventStream = fc
  .tuple(
    fc.constantFrom('', '', '', '\uFEFF'),
    fc.array(fc.tuple(fc.oneof({ weight: 2, arbitrary: line }, fc.constant('')), lineEnd)),
    fc.oneof({ weight: 3, arbitrary: fc.constant('') }, line),
  )
  .map(([mark, lines, last]) => mark + lines.flat().join('') + last)
/** A clean stream as a provider sends it, all names equal to their data's `type` or not. */
const plainStream = fc
  .tuple(
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', ''), fc.constantFrom('a', 'b', '', undefined), oddJson)),
  )
  .map(([end, events]) =>
    events
      .flatMap(([name, type, json]) => [
        ...(name === '' ? [] : [`event: ${name}`]),
        `data: ${type === undefined ? json : `{"type":"${type}","x":${json}}`}`,
        '',
        '',
      ])
      .join(end)
      .replace(new RegExp(`${end}${end}$`), end),
  )

/** What the file gives back, read as the next run reads it. */
function throughFile(recorded: RecordedBody): RecordedBody {
  const request = { method: 'POST', url: 'https://api.openai.com/v1/chat/completions' }
  const file = serializeCassette([{ request, response: { status: 200, headers: {}, ...recorded } }])
  const [recording] = parseCassette(file, 'test.json')
  return recording!.response
}

function replay(body: string | Uint8Array<ArrayBuffer>, contentType: string): Uint8Array<ArrayBuffer>[] {
  const bytes = typeof body === 'string' ? bytesOf(body) : body
  return encodeBody(throughFile(decodeBody(bytes, contentType).recorded), contentType)
}

const textOf = (parts: readonly Uint8Array[]) => Buffer.concat(parts).toString()

test.for([
  ['any lines at all', eventStream],
  ['lines as providers send them', plainStream],
] as const)(
  'an event stream of %s has equal events after it was written to a file and read again',
  ([, streams]) => {
    const property = fc.property(streams, stream => {
      const received = readEventStream(stream).map(meaning)
      const parts = replay(stream, sse)
      expect(readEventStream(textOf(parts)).map(meaning)).toEqual(received)
      expect(parts).toHaveLength(received.length)
    })
    fc.assert(property, { numRuns: 1500 })
  },
)

test('an event stream without a content type keeps its events', () => {
  const property = fc.property(plainStream, stream => {
    expect(readEventStream(textOf(replay(stream, ''))).map(meaning)).toEqual(
      readEventStream(stream).map(meaning),
    )
  })
  fc.assert(property, { numRuns: 300 })
})

const known: [string, string, unknown][] = [
  ['a bare value', 'data: {"a":1}\n\n', { a: 1 }],
  ['without the optional space', 'data:{"a":1}\n\n', { a: 1 }],
  ['CRLF', 'data: {"a":1}\r\n\r\n', { a: 1 }],
  ['a lone CR', 'data: {"a":1}\r\r', { a: 1 }],
  ['a byte order mark', '\uFEFFdata: {"a":1}\n\n', { a: 1 }],
  ['text', 'data: [DONE]\n\n', '[DONE]'],
  ['a JSON string, verbatim', 'data: "x"\n\n', '"x"'],
  ['lines of data', 'data: a\ndata: b\n\n', 'a\nb'],
  ['empty data', 'data:\n\n', ''],
  ['1e-07', 'data: {"n":1e-07}\n\n', { n: 1e-7 }],
  ['an integer above 2^53', 'data: {"n":9007199254740993}\n\n', '{"n":9007199254740993}'],
  ['a key twice', 'data: {"a":1,"a":2}\n\n', '{"a":1,"a":2}'],
  ['a lone surrogate', 'data: {"a":"\\ud800"}\n\n', { a: '\ud800' }],
  ['a comment', ': ping\n\n', { __comment__: 'ping' }],
  ['id and retry', 'id: 7\nretry: 50\ndata: x\n\n', { __id__: '7', __retry__: 50, __data__: 'x' }],
  ['a name', 'event: e\ndata: {"a":1}\n\n', { __event__: 'e', __data__: { a: 1 } }],
  ['an object that looks marked', 'data: {"__raw__":"x"}\n\n', { __data__: { __raw__: 'x' } }],
  ['an unknown field', 'x: y\ndata: 1\n\n', { __raw__: 'x: y\ndata: 1\n\n' }],
  ['a stream cut off inside an event', 'data: {"a"', { __raw__: 'data: {"a"' }],
]

test.for(known)('an event stream is readable in the file: %s', ([, stream, item]) => {
  expect(decodeBody(bytesOf(stream), sse).recorded).toEqual({ is_streaming: true, body: [item] })
})

test('an object with a __proto__ key stays an object with that key', () => {
  const stream = 'data: {"__proto__":{"a":1}}\n\n'
  expect(decodeBody(bytesOf(stream), sse).recorded.body).toEqual([JSON.parse('{"__proto__":{"a":1}}')])
  expect(textOf(replay(stream, sse))).toBe(stream)
})

test('newline-delimited JSON keeps its lines, with a final newline and without', () => {
  const lines = fc.array(
    fc.tuple(fc.oneof({ weight: 5, arbitrary: oddJson }, text), fc.constantFrom('\n', '\r\n')),
  )
  const property = fc.property(lines, fc.boolean(), (content, finalNewline) => {
    const body = content.flat().join('')
    const stream = finalNewline ? body : body.replace(/\r?\n$/, '')
    const parts = replay(stream, ndjson)
    const received = stream.split('\n')
    expect(textOf(parts).split('\n').map(readExactly)).toEqual(received.map(readExactly))
    expect(parts).toHaveLength(received.at(-1) === '' ? received.length - 1 : received.length)
  })
  fc.assert(property, { numRuns: 1000 })
})

test('a JSON body stays equal JSON, whatever its content type', () => {
  const types = fc.constantFrom('application/json', 'application/octet-stream', 'text/plain; charset=utf-8')
  const property = fc.property(fc.oneof(oddJson, text), types, (body, contentType) => {
    expect(readExactly(textOf(replay(body, contentType)))).toEqual(readExactly(body))
  })
  fc.assert(property, { numRuns: 1000 })
})

test.for(['42\n', ' true', 'null\r\n', '"quoted"\n', 'Some text.\n', '\uFEFFtext'])(
  'the text %j is kept to the letter',
  body => {
    expect(textOf(replay(body, 'text/plain'))).toBe(body)
  },
)

test.for([
  'application/octet-stream',
  'application/vnd.amazon.eventstream',
  sse,
  ndjson,
  'application/json',
  '',
])('bytes that are no text are kept as they are, with the content type %j', contentType => {
  const notText = fc.uint8Array({ minLength: 1 }).map(bytes => new Uint8Array([...bytes, 0xff]))
  const property = fc.property(notText, bytes => {
    expect(Buffer.concat(replay(bytes, contentType))).toEqual(Buffer.from(bytes))
  })
  fc.assert(property, { numRuns: 200 })
})

test('a stream is recorded whole wherever its chunks are cut, inside a character too', async () => {
  const cuts = fc.array(fc.nat(400))
  const property = fc.asyncProperty(eventStream, cuts, async (stream, places) => {
    const bytes = bytesOf(stream)
    const borders = [0, ...places.filter(place => place < bytes.length), bytes.length].toSorted(
      (a, b) => a - b,
    )
    const chunks = borders.slice(1).map((end, index) => bytes.slice(borders[index], end))
    const { response, recorded } = await recordCall(
      async () => new Response(streamOf(chunks), { headers: { 'content-type': sse } }),
      new AbortController().signal,
    )
    expect(await response.bytes()).toEqual(bytes)
    expect(await recorded).toMatchObject(decodeBody(bytes, sse).recorded)
  })
  await fc.assert(property, { numRuns: 300 })
})

test('a JSON array that Gemini streams in pieces, without SSE, stays equal JSON', async () => {
  const property = fc.asyncProperty(fc.array(oddJson), async items => {
    const chunks = ['[', ...items.map((item, index) => (index === 0 ? item : `,\r\n${item}`)), '\n]\n']
    const { response, recorded } = await recordCall(
      async () =>
        new Response(streamOf(chunks.map(bytesOf)), { headers: { 'content-type': 'application/json' } }),
      new AbortController().signal,
    )
    expect(await response.text()).toBe(chunks.join(''))
    const replayed = encodeBody(throughFile(await recorded), 'application/json')
    expect(readExactly(textOf(replayed))).toEqual(readExactly(chunks.join('')))
  })
  await fc.assert(property, { numRuns: 200 })
})

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks.filter(chunk => chunk.length > 0))
}
