import { parseExactly } from './json.ts'

/** One line of newline-delimited JSON: a JSON value, a string (the line, verbatim), or `{ __raw__ }` (text without the line ending). */
export type NdjsonItem = unknown

/** Reads newline-delimited JSON (Ollama's streams) into one item a line. */
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
  // A last line without its line feed, an empty line: said as they are.
  if (!line.endsWith('\n') || line.trim() === '') return { __raw__: line }
  const content = line.slice(0, -1).replace(/\r$/, '')
  const parsed = parseExactly(content)
  return parsed && typeof parsed.value !== 'string' && !isRaw(parsed.value) ? parsed.value : line.slice(0, -1)
}

function isRaw(item: unknown): item is { __raw__: string } {
  return (
    typeof item === 'object' && item !== null && typeof (item as { __raw__?: unknown }).__raw__ === 'string'
  )
}
