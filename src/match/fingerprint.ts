import { shortText, withoutLongTexts, type NormalizedRequest } from './key.ts'

type Asked = Pick<NormalizedRequest, 'method' | 'host' | 'endpoint'>

/** The body as text for its fingerprint; `texts` gets its long texts, which are not in there. */
export function jsonForFingerprint(
  body: unknown,
  texts: string[] = [],
  json = JSON.stringify(body) ?? '',
): string {
  return json.length <= shortText ? json : (JSON.stringify(withoutLongTexts(body, texts)) ?? '')
}

/** Of what is asked, without the body. To it the one of the body is added. */
export function fingerprintOfPlace({ method, host = '', endpoint }: Asked): number {
  return hashOf(method) + hashOf(host) + hashOf(endpoint)
}

/** In characters; fewer than are left of a long text that is cut. */
const end = 100

/** Of the ends of a body, with which a request is looked for among those that were recorded with the same text. */
export function fingerprintOfEnds(json: string): number {
  return hashOf(json.length <= 2 * end ? json : json.slice(0, end) + json.slice(-end))
}

function hashOf(text: string): number {
  let hash = 7
  for (let index = 0; index < text.length; index++) hash = next(hash, text.charCodeAt(index))
  return hash
}

function next(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0
}

const quote = '"'.charCodeAt(0)
const backslash = '\\'.charCodeAt(0)

/**
 * Of a body, whatever the order of its keys: requests of the same key have the same, and most others another one.
 */
export function fingerprintOfJson(json: string): number {
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
      string = next(string, code)
      // What is escaped, a quote maybe, belongs to the string.
      if (code === backslash) string = next(string, json.charCodeAt(++index))
    } else sum += code * code
  }
  return sum | 0
}
