import type { Recording } from '../cassette/schema.ts'

/**
 * The text of a cassette file: two-space indents, known fields in a fixed order, one event of a stream a line, so that
 * a diff shows which event changed. Printing what was read from such a text gives the same text again.
 */
export function serializeCassette(recordings: readonly Recording[]): string {
  const items = recordings.map(recording => `    ${serializeRecording(recording, '    ')}`)
  const list = items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n  ]`
  return `{\n  "version": 1,\n  "recordings": ${list}\n}\n`
}

/** One recording, indented as it stands in a cassette (or at the top of a file of its own, with `indent` empty). */
export function serializeRecording(recording: Recording, indent = ''): string {
  const { test, recorded_at, request, response, ...rest } = recording
  const { method, url, headers, body, endpoint, model, ...requestRest } = request
  const ordered = {
    test,
    recorded_at,
    request: { method, url, headers, body, endpoint, model, ...requestRest },
    response: inOrder(response),
    ...rest,
  }
  return printValue(ordered, indent, recording.response.is_streaming ? response.body : undefined)
}

function inOrder(response: Recording['response']): Record<string, unknown> {
  const { status, headers, is_streaming, format, event_names, body, timing, ended, ...rest } = response
  return { status, headers, is_streaming, format, event_names, body, timing, ended, ...rest }
}

/** @param events the array whose items stand on one line each */
function printValue(value: unknown, indent: string, events: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    if (value.every(item => typeof item === 'number')) return JSON.stringify(value)
    const print = (item: unknown) =>
      value === events ? JSON.stringify(item) : printValue(item === undefined ? null : item, inner, events)
    return `[\n${value.map(item => inner + print(item)).join(',\n')}\n${indent}]`
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.length === 0) return '{}'
  const lines = entries.map(
    ([key, item]) => `${inner}${JSON.stringify(key)}: ${printValue(item, inner, events)}`,
  )
  return `{\n${lines.join(',\n')}\n${indent}}`
}
