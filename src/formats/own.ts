import { isObject } from '../wire/json.ts'
import type { Format } from './format.ts'

/** Recordings as this package writes them. */
export const own: Format = {
  reads: (content): content is unknown => isObject(content) && 'request' in content,
  recordings: recording => [recording],
}
