import type { RecordedRequest } from '../cassette/schema.ts'
import { isObject, parseOr, type Json } from '../wire/json.ts'

/** The body of a request as an object, empty where it is none. A body that is text may be JSON with big integers. */
export function bodyOf({ body }: Pick<RecordedRequest, 'body'>): Json {
  const value = typeof body === 'string' ? parseOr(body) : body
  return isObject(value) ? value : {}
}

/** The path of a URL, whatever its scheme; empty where the text is no URL. */
export function pathOf(url: string): string {
  return URL.parse(url)?.pathname ?? ''
}
