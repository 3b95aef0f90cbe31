import { isObject } from '../wire/json.ts'

export type Json = Record<string, unknown>

export { isObject }

/** What these keys lead to; `undefined` where they lead nowhere. */
export function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((found, key) => (isObject(found) ? found[key] : undefined), value)
}

/** An empty text says nothing: streams start with one, and so do messages that only call tools. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

export function asObjects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** The value of JSON text, or the text where it is none. For reading only: big numbers are rounded. */
export function parseOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
