import { formatPath, type Step } from '../cassette/path.ts'
import type { Redactor } from './redactor.ts'

/** A secret in a value that is to be written: where it stands and of which kind it is, never what it is. */
export interface FoundSecret {
  path: string
  rule: string
}

/** The last look before a write: every string and key of the value, also inside of base64. */
export function findSecrets(value: unknown, redactor: Redactor, path: Step[] = []): FoundSecret[] {
  if (typeof value === 'string') {
    const text = path.at(-1) === '__base64__' ? Buffer.from(value, 'base64').toString('latin1') : value
    return redactor.find(text).map(({ rule }) => ({ path: formatPath(path), rule }))
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const inner = [...path, Array.isArray(value) ? Number(key) : key]
    const inKey = redactor.find(key).map(({ rule }) => ({ path: formatPath(path), rule }))
    return [...inKey, ...findSecrets(item, redactor, inner)]
  })
}
