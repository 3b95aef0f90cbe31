import { at, parseExactly } from './json.ts'

/** One line: a JSON value, a string (the line, verbatim), or `{ __raw__ }` (an empty line, or text without a line feed). */
export type NdjsonItem = unknown

/** Reads newline-delimited JSON, as in Ollama's streams, into one item for each line. */
export function decodeNdjson(text: string): { body: NdjsonItem[]; lengths: number[] } {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  return { body: lines.map(readLine), lengths: lines.map(line => Buffer.byteLength(line)) }
}

/** The text of each line as it goes over the wire. */
export function encodeNdjson(items: readonly NdjsonItem[]): string[] {
  return items.map(item => {
    if (isRaw(item)) return item.__raw__
    return `${typeof item === 'string' ? item : JSON.stringify(item)}\n`
  })
}

function readLine(line: string): NdjsonItem {
  // A JSON value can stand neither for an empty line nor for a last line without its line feed.
  if (!line.endsWith('\n') || line.trim() === '') return { __raw__: line }
  const content = line.slice(0, -1).replace(/\r$/, '')
  const parsed = parseExactly(content)
  return parsed && typeof parsed.value !== 'string' && !isRaw(parsed.value) ? parsed.value : line.slice(0, -1)
}

function isRaw(item: unknown): item is { __raw__: string } {
  return typeof at(item, '__raw__') === 'string'
}
