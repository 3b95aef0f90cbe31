import type { EventSourceParser } from 'eventsource-parser'
import { load } from '../load.ts'
import { isObject, parseExactly } from './json.ts'

/** One event of a recorded stream: a JSON value (`data: <its JSON>`), a string (the data, verbatim), or a `MarkedItem`. */
export type SseItem = unknown

/** An event with more than data. A recording has only the keys that the wire had. */
interface MarkedItem {
  /** A label of another tool that wrote the recording. It is never resolved. */
  __type__?: unknown
  /** The data: a JSON value, or a string that is sent verbatim. */
  __data__?: unknown
  /** The field `event:`. */
  __event__?: string
  /** The field `id:`. */
  __id__?: string
  /** The field `retry:`, in ms. */
  __retry__?: number
  /** One comment line (`: …`), or several. */
  __comment__?: string | string[]
  /** Text that the other keys cannot express: an unknown field, a block without data, an event that is cut off. */
  __raw__?: string
}

export interface SseBody {
  body: SseItem[]
  /** `'type'`: each event is named after the `type` of its data, so that no event states its name. */
  event_names?: 'type'
  /** The length of each item on the wire, in bytes. */
  lengths: number[]
}

const lineEnd = /\r\n|\n|\r/
const byteOrderMark = '\uFEFF'
const markers = ['__data__', '__event__', '__id__', '__retry__', '__comment__', '__raw__', '__type__']

/** Reads the text of an event stream into readable items. Each is encoded again and compared with its text. */
export function decodeSse(text: string): SseBody {
  const parser = new BlockParser()
  const blocks = splitBlocks(text)
  const items = blocks.map(({ text: block }) => parser.item(block))
  const named = items.some(
    item => isMarked(item) && typeOf(item.__data__) !== undefined && '__event__' in item,
  )
  const namesAreTypes =
    named &&
    items.every(item =>
      isMarked(item) ? item.__event__ === typeOf(item.__data__) : typeOf(item) === undefined,
    )
  return {
    body: namesAreTypes ? items.map(withoutName) : items,
    ...(namesAreTypes ? { event_names: 'type' as const } : {}),
    lengths: blocks.map(block => block.length),
  }
}

/** The text of each item as it goes over the wire. */
export function encodeSse(items: readonly SseItem[], eventNames?: 'type'): string[] {
  return items.map(item => encodeItem(item, eventNames))
}

function encodeItem(item: SseItem, eventNames?: 'type'): string {
  // Most events are one line, because JSON escapes line ends.
  if (eventNames === undefined && isObject(item) && !isMarked(item))
    return `data: ${JSON.stringify(item)}\n\n`
  const marked: MarkedItem = isMarked(item) ? item : { __data__: item }
  if (marked.__raw__ !== undefined) return marked.__raw__
  const name = marked.__event__ ?? (eventNames === 'type' ? typeOf(marked.__data__) : undefined)
  const lines = [marked.__comment__ ?? []].flat().map(comment => (comment === '' ? ':' : `: ${comment}`))
  if (name !== undefined) lines.push(`event: ${name}`)
  if (marked.__id__ !== undefined) lines.push(`id: ${marked.__id__}`)
  if (marked.__retry__ !== undefined) lines.push(`retry: ${marked.__retry__}`)
  if ('__data__' in marked)
    for (const line of dataText(marked.__data__).split(lineEnd)) lines.push(`data: ${line}`)
  return lines.join('\n') + '\n\n'
}

function dataText(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(data)
}

/**
 * Reads one block into an item. The parser decides what the block means. The item is taken only if its text has the lines
 * of the block, because the parser silently ignores what it does not know.
 */
class BlockParser {
  private found: MarkedItem = {}
  private readonly parser: EventSourceParser = load('eventsource-parser').createParser({
    onEvent: ({ event, data }) => {
      if (event !== undefined) this.found.__event__ = event
      this.found.__data__ = readableData(data)
    },
    onId: id => (this.found.__id__ = id),
    onRetry: retry => (this.found.__retry__ = retry),
    onComment: comment => this.comments.push(comment),
  })
  private comments: string[] = []

  item(block: string): SseItem {
    this.found = {}
    this.comments = []
    // After a carriage return at the very end, the parser would wait for a line feed.
    this.parser.feed(block.replace(/\r\n?/g, '\n'))
    this.parser.reset()
    const { __data__: data, ...fields } = this.found
    if (this.comments.length > 0)
      fields.__comment__ = this.comments.length === 1 ? this.comments[0]! : this.comments
    const item = '__data__' in this.found ? withData(fields, data) : fields
    return encodesTo(item, block) ? item : { __raw__: block }
  }
}

/** Data without other fields needs no `__data__`, unless it looks like a marked item itself. */
function withData(fields: MarkedItem, data: unknown): SseItem {
  return Object.keys(fields).length === 0 && !isMarked(data) ? data : { ...fields, __data__: data }
}

/** The value of JSON, but the text itself where the value would lose something, or would be a string. */
function readableData(data: string): unknown {
  const parsed = parseExactly(data)
  return parsed && typeof parsed.value !== 'string' ? parsed.value : data
}

function encodesTo(item: SseItem, block: string): boolean {
  const text = encodeItem(item)
  if (text === block) return true
  const recorded = canonicalLines(text)
  const received = canonicalLines(block)
  return (
    recorded.length === received.length &&
    received.every((line, index) => sameLine(line, recorded[index] ?? ''))
  )
}

/** The lines of a block without line ends and optional spaces, sorted by field: the order of fields has no meaning. */
function canonicalLines(block: string): string[] {
  const lines = block.split(lineEnd)
  // A block that does not end in an empty line was cut off. The mark makes it differ from every complete block.
  if (lines.at(-1) !== '' || lines.at(-2) !== '') return [...lines, '(cut off)']
  const field = (line: string) => line.slice(0, line.indexOf(':'))
  return lines
    .filter(line => line !== '')
    .map(line => (line.includes(':') ? line.replace(/^([^:]*): ?/, '$1: ') : `${line}: `))
    .toSorted((left, right) => (field(left) < field(right) ? -1 : field(left) > field(right) ? 1 : 0))
}

function sameLine(received: string, recorded: string): boolean {
  if (received === recorded) return true
  if (!received.startsWith('data: ') || !recorded.startsWith('data: ')) return false
  const value = parseExactly(received.slice(6))
  return value !== undefined && JSON.stringify(value.value) === recorded.slice(6)
}

interface Block {
  text: string
  /** The length in bytes, with the empty lines and the byte order mark before it. */
  length: number
}

/** Cuts the text after each empty line. A byte order mark and further empty lines have no meaning and are left out. */
function splitBlocks(text: string): Block[] {
  const blocks: Block[] = []
  let [block, length] = ['', text.startsWith(byteOrderMark) ? Buffer.byteLength(byteOrderMark) : 0]
  const end = () => {
    // A first block may itself begin with U+FEFF. The line feed keeps it from being read as the byte order mark.
    blocks.push({
      text: blocks.length === 0 && block.startsWith(byteOrderMark) ? `\n${block}` : block,
      length,
    })
    block = ''
    length = 0
  }
  for (const [line] of text.replace(/^\uFEFF/, '').matchAll(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g)) {
    const empty = /^[\r\n]+$/.test(line)
    length += Buffer.byteLength(line)
    if (empty && block === '') continue
    block += line
    if (empty) end()
  }
  if (block !== '') end()
  return blocks
}

function isMarked(item: unknown): item is MarkedItem {
  return isObject(item) && markers.some(marker => Object.hasOwn(item, marker))
}

function typeOf(data: unknown): string | undefined {
  return isObject(data) && typeof data.type === 'string' ? data.type : undefined
}

function withoutName(item: SseItem): SseItem {
  if (!isMarked(item)) return item
  const { __event__: _name, __data__: data, ...fields } = item
  return '__data__' in item ? withData(fields, data) : fields
}

/** The data of an item, marked or not. */
export function dataOf(item: SseItem): unknown {
  return isMarked(item) ? item.__data__ : item
}
