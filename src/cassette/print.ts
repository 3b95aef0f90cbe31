import { withoutLongTexts, type NormalizedRequest } from './key.ts'

type Asked = Pick<NormalizedRequest, 'method' | 'host' | 'endpoint'>

/** The body as text for its print; `texts` gets its long texts, which are not in there. */
export function jsonForPrint(body: unknown, texts: string[] = []): string {
  return JSON.stringify(withoutLongTexts(body, texts)) ?? ''
}

/** Requests of the same key have the same print, and few others have it too. */
export function printOf({ method, host = '', endpoint }: Asked, json: string): string {
  return `${method} ${host}${endpoint} ${printOfJson(json)}`
}

const quote = '"'.charCodeAt(0)
const backslash = '\\'.charCodeAt(0)

/**
 * A number for a JSON text that does not depend on the order of its keys: the same values have the same, and most
 * others another one.
 */
function printOfJson(json: string): number {
  let sum = json.length
  let inString = false
  let string = 0
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index)
    if (code === quote) {
      // Scattered, so that what moves from one string to another one counts.
      if (inString) sum += Math.imul(string ^ (string >>> 15), 0x2c1b3c6d)
      inString = !inString
      string = 7
    } else if (inString) {
      string = (Math.imul(string, 31) + code) | 0
      // What is escaped, a quote maybe, belongs to the string.
      if (code === backslash) string = (Math.imul(string, 31) + json.charCodeAt(++index)) | 0
    } else sum += code * code
  }
  return sum | 0
}
