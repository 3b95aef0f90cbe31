import type { EventSourceParser } from 'eventsource-parser'
import { load } from '../load.ts'
import { isObject, parseExactly } from './json.ts'

/**
 * One part of a recorded event stream: a JSON value (`data: <its JSON>`), a string (the data, verbatim), or an
 * object of the marked fields below.
 */
export type SseItem = unknown

/** The fields that a marked item may have. Every key is written only where the wire had it. */
interface MarkedItem {
  /** A label of the tool that wrote the recording. Never resolved. */
  __type__?: unknown
  /** The data: a JSON value, or a string that stands verbatim. */
  __data__?: unknown
  /** `event:` */
  __event__?: string
  /** `id:` */
  __id__?: string
  /** `retry:`, in ms */
  __retry__?: number
  /** `:` one comment line, or several */
  __comment__?: string | string[]
  /** Text that no other field can say: a block without data, an unknown field, a stream cut off inside an event. */
  __raw__?: string
}

export interface SseBody {
  body: SseItem[]
  /** `'type'`: every event's name equals the `type` of its data, and is not written. */
  event_names?: 'type'
  /** The length of each item on the wire, in bytes. */
  lengths: number[]
}

const lineEnd = /\r\n|\n|\r/
const byteOrderMark = '\uFEFF'
const markers = ['__data__', '__event__', '__id__', '__retry__', '__comment__', '__raw__', '__type__']

/** Reads the text of an event stream into readable items, each of which is proven to say the same as its text. */
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
  // Most events: JSON has its line ends escaped.
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
 * Turns the text of one block into an item. The parser decides what a block means; the item is taken only if its
 * own text has the same lines, so that nothing which the parser passes over in silence is lost.
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
    // A carriage return at the very end would keep the parser waiting for its line feed.
    this.parser.feed(block.replace(/\r\n?/g, '\n'))
    this.parser.reset()
    const { __data__: data, ...fields } = this.found
    if (this.comments.length > 0)
      fields.__comment__ = this.comments.length === 1 ? this.comments[0]! : this.comments
    const item = '__data__' in this.found ? withData(fields, data) : fields
    return says(block, item) ? item : { __raw__: block }
  }
}

/** Data without any other field stands bare, unless it would then read as a marked item. */
function withData(fields: MarkedItem, data: unknown): SseItem {
  return Object.keys(fields).length === 0 && !isMarked(data) ? data : { ...fields, __data__: data }
}

/** A JSON value where that is exact; the text itself where it is not, or is a JSON string. */
function readableData(data: string): unknown {
  const parsed = parseExactly(data)
  return parsed && typeof parsed.value !== 'string' ? parsed.value : data
}

function says(block: string, item: SseItem): boolean {
  const text = encodeItem(item)
  if (text === block) return true
  const recorded = canonicalLines(text)
  const received = canonicalLines(block)
  return (
    recorded.length === received.length &&
    received.every((line, index) => sameLine(line, recorded[index] ?? ''))
  )
}

/** The lines of a block, without line endings and optional spaces. The order of different fields has no meaning. */
function canonicalLines(block: string): string[] {
  const lines = block.split(lineEnd)
  // Unless it ends in an empty line, the block was cut off: the mark makes it differ from every complete one.
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
  /** In bytes, with what came before it and means nothing. */
  length: number
}

/** Cuts the text after each empty line. A byte order mark and empty lines between events mean nothing and are left out. */
function splitBlocks(text: string): Block[] {
  const blocks: Block[] = []
  let [block, length] = ['', text.startsWith(byteOrderMark) ? Buffer.byteLength(byteOrderMark) : 0]
  const end = () => {
    // What looks like the mark once nothing is before it would be taken for it.
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

/** What an item says as data, however it is written. */
export function dataOf(item: SseItem): unknown {
  return isMarked(item) ? item.__data__ : item
}
