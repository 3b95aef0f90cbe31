import type { RuntimeSettings } from './runtime.ts'

/** Settings as JavaScript source: JSON, and patterns as they are written. */
export function printSettings(settings: RuntimeSettings): string {
  return print(settings)
}

function print(value: unknown): string {
  if (value instanceof RegExp) return String(value)
  if (Array.isArray(value)) return `[${value.map(print).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${print(item)}`)
  return `{ ${entries.join(', ')} }`
}
