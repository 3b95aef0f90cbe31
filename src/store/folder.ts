import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Recording } from '../cassette/schema.ts'

/** The cassette files of a folder, in the order in which they play. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .toSorted()
    .map(name => path.join(folder, name))
}

/**
 * A name for the file of a new recording: `chat-completions-2f6c01aa-001.json`. The files of a folder play in the order
 * of their names, so the number counts up where the request was recorded before.
 */
export function newFile(folder: string, { request }: Recording): string {
  const endpoint = new URL(request.url).pathname.split('/').slice(-2).join('-')
  const stem = endpoint.replace(/[^\w.-]+/g, '-').slice(0, 60)
  const hash = createHash('sha256').update(JSON.stringify(request)).digest('hex').slice(0, 8)
  for (let count = 1; ; count++) {
    const file = path.join(folder, `${stem}-${hash}-${String(count).padStart(3, '0')}.json`)
    if (!existsSync(file)) return file
  }
}
