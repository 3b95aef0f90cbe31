import { replacement, type Redactor } from './redactor.ts'

/** A JSON value without the secrets in its strings and keys; the value itself where there are none. */
export function redactJson(value: unknown, redactor: Redactor): unknown {
  if (typeof value === 'string') return redactor.text(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value))
    return unchanged(
      value,
      value.map(item => redactJson(item, redactor)),
    )
  const entries = Object.entries(value)
  const clean = entries.map(([key, item]) => [redactor.text(key), redactJson(item, redactor)] as const)
  return clean.some(([key, item], index) => key !== entries[index]![0] || item !== entries[index]![1])
    ? Object.fromEntries(clean)
    : value
}

function unchanged(before: unknown[], after: unknown[]): unknown[] {
  return after.some((item, index) => item !== before[index]) ? after : before
}

/** One string of a stream's event, which may be continued by a string in the same place of a later event. */
interface Fragment {
  text: string
  holder: Record<string, unknown>
  key: string
}

/**
 * The events of a stream without secrets, also where one is cut over several events: the strings in the same place of
 * each event (`choices[0].delta.content`, a tool call's arguments) are read as one text. What is found there goes from all
 * events, and its replacement stands in the first.
 */
export function redactEvents(events: readonly unknown[], redactor: Redactor): unknown[] {
  const clean = structuredClone([...events])
  const threads = new Map<string, Fragment[]>()
  for (const event of clean) collect(event, '', threads)
  // First as one text: the beginning of a key may look like a whole one, and its rest like nothing.
  for (const fragments of threads.values()) if (fragments.length > 1) redactThread(fragments, redactor)
  return clean.map(event => redactJson(event, redactor))
}

/** What tells the parts of a stream apart that run side by side: choices, tool calls, content blocks, output items. */
const strands = ['type', 'index', 'output_index', 'content_index', 'item_id']

function collect(value: unknown, place: string, threads: Map<string, Fragment[]>): void {
  if (typeof value !== 'object' || value === null) return
  const holder = value as Record<string, unknown>
  const strand = Array.isArray(value) ? '' : strands.map(name => JSON.stringify(holder[name]) ?? '').join()
  for (const [key, item] of Object.entries(holder)) {
    // The place in a list says nothing where the items are numbered themselves.
    const step = Array.isArray(value) && isNumbered(item) ? '*' : key
    if (typeof item !== 'string') collect(item, `${place}{${strand}}.${step}`, threads)
    else if (item !== '') {
      const thread = `${place}{${strand}}.${step}`
      const fragments = threads.get(thread)
      if (fragments) fragments.push({ text: item, holder, key })
      else threads.set(thread, [{ text: item, holder, key }])
    }
  }
}

function isNumbered(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'index' in value
}

function redactThread(fragments: readonly Fragment[], redactor: Redactor): void {
  const found = redactor.find(fragments.map(({ text }) => text).join(''))
  if (found.length === 0) return
  let offset = 0
  for (const { text, holder, key } of fragments) {
    const end = offset + text.length
    let kept = ''
    let at = offset
    for (const secret of found) {
      if (secret.end <= at || secret.start >= end) continue
      kept += text.slice(at - offset, Math.max(secret.start, at) - offset)
      if (secret.start >= offset) kept += replacement(secret.rule)
      at = Math.min(secret.end, end)
    }
    holder[key] = kept + text.slice(at - offset)
    offset = end
  }
}
