import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { RecordedRequest, RecordedResponse } from '../../src/cassette/schema.ts'
import { decodeBody } from '../../src/wire/body.ts'

/** Recorded traffic of many providers, kept beside the repository; not everybody has it. */
const corpus = path.resolve(import.meta.dirname, '../../../shared/corpus')
export const hasCorpus = existsSync(corpus)
if (!hasCorpus) console.warn(`Tests over recorded traffic are left out: ${corpus} is not there.`)

export interface WireEntry {
  file: string
  kind: 'sse' | 'json' | 'eventstream-binary'
  status: number
  content_type: string | null
  method: string
  url: string
  request: unknown
  features: string[]
}

export function wireEntries(): WireEntry[] {
  return hasCorpus ? linesOf('wire/index.jsonl') : []
}

export function wireBytes({ file }: WireEntry): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(path.join(corpus, 'wire', file)))
}

/** As it would be recorded. */
export function wireRecording(entry: WireEntry): { request: RecordedRequest; response: RecordedResponse } {
  const { recorded } = decodeBody(wireBytes(entry), entry.content_type ?? '')
  const { method, url, request: body, status } = entry
  return { request: { method, url, body: body ?? undefined }, response: { status, ...recorded } }
}

export interface StackEntry {
  file: string
  endpoint: string | null
  streaming: boolean
  features: string[]
}

export function stackEntries(): StackEntry[] {
  return hasCorpus ? linesOf('llama-stack/MANIFEST.jsonl') : []
}

/** The text of one recording file. */
export function stackText({ file }: StackEntry): string {
  return readFileSync(path.join(corpus, 'llama-stack', file), 'utf8')
}

function linesOf<Entry>(file: string): Entry[] {
  const lines = readFileSync(path.join(corpus, file), 'utf8').trim().split('\n')
  return lines.map(line => JSON.parse(line) as Entry)
}
