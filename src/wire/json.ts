/**
 * Parses JSON text, but only where a JavaScript value can hold it exactly.
 *
 * `JSON.parse` silently rounds integers above 2^53, drops duplicate keys and moves integer-like keys to the front.
 * Where that would happen, the caller keeps the text itself. White space between tokens, string escapes (`\u00e9`) and
 * spellings of numbers (`1e-07`, `1.0`) may change, because they are no part of the value.
 *
 * @returns the value, or `undefined` where the text is no JSON or a JavaScript value would lose some of it
 *
 * @example
 * parseExactly('{"n": 1e-07}') // { n: 1e-7 }
 * parseExactly('{"id": 9007199254740993}') // undefined
 */
export function parseExactly(text: string): { value: unknown } | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const printed = JSON.stringify(value)
  return printed === text || sameTokens(text, printed) ? { value } : undefined
}

/** One token. It may match loosely, because it only meets valid JSON. */
const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[a-z]+|[{}[\],:]/g

function sameTokens(left: string, right: string): boolean {
  const lefts = left.matchAll(token)
  const rights = right.matchAll(token)
  for (;;) {
    const l = lefts.next().value?.[0]
    const r = rights.next().value?.[0]
    if (l === r) {
      if (l === undefined) return true
      continue
    }
    if (l === undefined || r === undefined || !sameToken(l, r)) return false
  }
}

function sameToken(left: string, right: string): boolean {
  if (left.startsWith('"') && right.startsWith('"')) return JSON.parse(left) === JSON.parse(right)
  if (/^[-\d]/.test(left) && /^[-\d]/.test(right)) return decimal(left) === decimal(right)
  return false
}

/** Writes equal numbers alike, without rounding: `1.50e3` and `1500` are both `15e2`. */
function decimal(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return `${sign}0`
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - significant.length)
  return `${sign}${significant}e${power}`
}

export type Json = Record<string, unknown>

/** An object with keys, not a list. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Follows the keys into objects; `undefined` where there is nothing. */
export function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((found, key) => (isObject(found) ? found[key] : undefined), value)
}

/** An empty text counts as none: streams start with one, and messages that only call tools have one. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** The objects of a list. */
export function asObjects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** The value of JSON text, or the text itself where it is no JSON. Big integers are rounded, so it is not for writing. */
export function parseOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
