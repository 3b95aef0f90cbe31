import { createHash } from 'node:crypto'
import stringify from 'fast-json-stable-stringify'
import type { Recording } from './schema.ts'

/**
 * Makes a short text by which a recording is found again: by another process, or after its file was read anew. It stands
 * for all that the recording holds, in whatever order. Recordings with one identity are copies of each other.
 */
export function identityOf(recording: Recording): string {
  return createHash('sha256').update(stringify(recording)).digest('base64url').slice(0, 16)
}
