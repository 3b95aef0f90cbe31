import { withoutLongTexts, type NormalizedRequest } from './key.ts'

type Asked = Pick<NormalizedRequest, 'method' | 'host' | 'endpoint'>

/** The body as text for its fingerprint; `texts` gets its long texts, which are not in there. */
export function jsonForFingerprint(body: unknown, texts: string[] = []): string {
  return JSON.stringify(withoutLongTexts(body, texts)) ?? ''
}

/** The same for the ends of a body, with which a request is looked for among those that were recorded with the same text. */
export function fingerprintOfEnds({ method, host = '', endpoint }: Asked, json: string): number {
  const ends = json.slice(0, end) + json.slice(-end)
  return (hashOf(ends) + hashOf(method) + hashOf(host) + hashOf(endpoint)) | 0
}

/** In characters; fewer than are left of a long text that is cut. */
const end = 100

/** Requests of the same key have the same fingerprint, and few others have it too. */
export function fingerprintOf({ method, host = '', endpoint }: Asked, json: string): number {
  return (fingerprintOfJson(json) + hashOf(method) + hashOf(host) + hashOf(endpoint)) | 0
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
 * A number for a JSON text that does not depend on the order of its keys: the same values have the same, and most
 * others another one.
 */
function fingerprintOfJson(json: string): number {
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
