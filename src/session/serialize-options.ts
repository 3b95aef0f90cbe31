/** Options, and what holds some, as text for other threads and processes: JSON but for the patterns in it. */
export function serializeOptions(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner instanceof RegExp ? { __pattern__: [inner.source, inner.flags] } : inner,
  )
}

export function readOptions(text: string): unknown {
  return JSON.parse(text, (_, inner: unknown) =>
    isPattern(inner) ? new RegExp(...inner.__pattern__) : inner,
  ) as unknown
}

function isPattern(value: unknown): value is { __pattern__: [source: string, flags: string] } {
  return typeof value === 'object' && value !== null && '__pattern__' in value
}
