import { createHash } from 'node:crypto'
import type { Recording } from './schema.ts'

/**
 * Tells a recording again in another process, whatever the options: by its test and its request as they are stored.
 * Recordings of the same request in the same test are told apart by their order only.
 */
export function identityOf({ test, request }: Recording): string {
  return createHash('sha256')
    .update(JSON.stringify([test, request]))
    .digest('base64url')
    .slice(0, 16)
}
