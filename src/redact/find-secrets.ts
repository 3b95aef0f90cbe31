import { formatPath, type Step } from '../cassette/path.ts'
import type { Redactor } from './redactor.ts'

/** Where a secret was found in a value, and of which kind it is. The secret itself is not kept. */
export interface FoundSecret {
  /** The path inside of the value: `request.body.messages[0].content`. */
  path: string
  /** The name of the rule that found it: `openai-key`. */
  rule: string
}

/** Looks for secrets in every string and key of a value, also inside of base64. Nothing is written in which one is found. */
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
