import { at } from '../wire/json.ts'
import { replacement, type Redactor } from './redactor.ts'

/** Takes the secrets out of the strings and keys of a JSON value. A value without secrets is returned uncopied. */
export function redactJson(value: unknown, redactor: Redactor): unknown {
  if (typeof value === 'string') return redactor.text(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const clean = value.map(item => redactJson(item, redactor))
    return clean.some((item, index) => item !== value[index]) ? clean : value
  }
  const entries = Object.entries(value)
  const clean = entries.map(([key, item]) => [redactor.text(key), redactJson(item, redactor)] as const)
  return clean.some(([key, item], index) => key !== entries[index]![0] || item !== entries[index]![1])
    ? Object.fromEntries(clean)
    : value
}

/** One string of an event. A string at the same path of a later event may continue it. */
interface Fragment {
  text: string
  holder: Record<string, unknown>
  key: string
}

/**
 * Redacts the events of a stream, also where a secret is cut over several events: the strings at one path of all events
 * (`choices[0].delta.content`, the arguments of a tool call) are read as one text. A secret that is found in it is taken out
 * of every event that holds a part of it, and its replacement stands in the first of these.
 */
export function redactEvents(events: readonly unknown[], redactor: Redactor): unknown[] {
  const clean = structuredClone([...events])
  const fragmentsByPath = new Map<string, Fragment[]>()
  for (const event of clean) collectFragments(event, '', fragmentsByPath)
  // Single strings come last, because the beginning of a cut key may look like a whole key, and its rest like none.
  for (const fragments of fragmentsByPath.values())
    if (fragments.length > 1) redactFragments(fragments, redactor)
  return clean.map(event => redactJson(event, redactor))
}

/** The fields that tell apart what a stream interleaves: choices, tool calls, content blocks, output items. */
const streamFields = ['type', 'index', 'output_index', 'content_index', 'item_id']

function collectFragments(value: unknown, path: string, fragmentsByPath: Map<string, Fragment[]>): void {
  if (typeof value !== 'object' || value === null) return
  const holder = value as Record<string, unknown>
  const stream = Array.isArray(value)
    ? ''
    : streamFields.map(name => JSON.stringify(holder[name]) ?? '').join()
  for (const [key, item] of Object.entries(holder)) {
    // Items with an `index` of their own may stand at another position of the list in each event.
    const step = Array.isArray(value) && at(item, 'index') !== undefined ? '*' : key
    const inner = `${path}{${stream}}.${step}`
    if (typeof item !== 'string') collectFragments(item, inner, fragmentsByPath)
    else if (item !== '') {
      const fragments = fragmentsByPath.get(inner) ?? []
      fragments.push({ text: item, holder, key })
      fragmentsByPath.set(inner, fragments)
    }
  }
}

function redactFragments(fragments: readonly Fragment[], redactor: Redactor): void {
  const found = redactor.find(fragments.map(({ text }) => text).join(''))
  if (found.length === 0) return
  let offset = 0
  for (const { text, holder, key } of fragments) {
    const end = offset + text.length
    let kept = ''
    let done = offset
    for (const secret of found) {
      if (secret.end <= done || secret.start >= end) continue
      kept += text.slice(done - offset, Math.max(secret.start, done) - offset)
      if (secret.start >= offset) kept += replacement(secret.rule)
      done = Math.min(secret.end, end)
    }
    holder[key] = kept + text.slice(done - offset)
    offset = end
  }
}
