import { createHash } from 'node:crypto'
import type { Recording } from './schema.ts'

/**
 * Makes a short text by which another process finds a recording again, whatever its options are. It stands for the test
 * and the request as they are stored. Recordings of one request in one test have one identity: only their order tells
 * them apart.
 */
export function identityOf({ test, request }: Recording): string {
  return createHash('sha256')
    .update(JSON.stringify([test, request]))
    .digest('base64url')
    .slice(0, 16)
}
