import type { Recording } from '../cassette/schema.ts'

/**
 * Makes the text of a cassette file. It is indented by two spaces, has known fields in a fixed order, and each event of
 * a stream on a line of its own, so that a diff shows which event changed. A text that was made here and is read comes
 * out of here unchanged.
 */
export function serializeCassette(recordings: readonly Recording[]): string {
  const items = recordings.map(recording => `    ${serializeRecording(recording, '    ')}`)
  const list = items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n  ]`
  return `{\n  "version": 1,\n  "recordings": ${list}\n}\n`
}

/** @param indent before each line but the first: empty for a recording that has a file of its own */
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
  return serializeValue(ordered, indent, recording.response.is_streaming ? response.body : undefined)
}

function inOrder(response: Recording['response']): Record<string, unknown> {
  const { status, headers, is_streaming, format, event_names, body, timing, ended, ...rest } = response
  return { status, headers, is_streaming, format, event_names, body, timing, ended, ...rest }
}

/** @param events the list whose items get a line each */
function serializeValue(value: unknown, indent: string, events: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    if (value.every(item => typeof item === 'number')) return JSON.stringify(value)
    const serialize = (item: unknown) =>
      value === events
        ? JSON.stringify(item)
        : serializeValue(item === undefined ? null : item, inner, events)
    return `[\n${value.map(item => inner + serialize(item)).join(',\n')}\n${indent}]`
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.length === 0) return '{}'
  const lines = entries.map(
    ([key, item]) => `${inner}${JSON.stringify(key)}: ${serializeValue(item, inner, events)}`,
  )
  return `{\n${lines.join(',\n')}\n${indent}}`
}
