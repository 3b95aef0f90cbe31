import { statSync } from 'node:fs'
import { readConversation } from '../conversation/read.ts'
import type { Recording } from '../cassette/schema.ts'
import { relativePath } from '../store/relative-path.ts'
import { nameProvider, readRecordings } from './calls.ts'
import type { CassetteFolder, StoredCassette } from './catalogue.ts'

/** What a catalogue says about one cassette. */
export interface CatalogueEntry {
  name: string
  /** Relative to the root. */
  file: string
  bytes: number
  recordings: number
  providers: string[]
  models: string[]
  /** Tokens that the recorded calls used; absent where no response says. */
  tokens?: number
  /** The day of the oldest recording. */
  recorded_at?: string
  tests: string[]
  /** Why the cassette cannot be read. */
  error?: string
}

export function readEntry({ root }: CassetteFolder, cassette: StoredCassette): CatalogueEntry {
  const { name, location, files } = cassette
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0)
  const basis = { name, file: relativePath(root, location.path), bytes }
  try {
    return { ...basis, ...summarize(readRecordings(cassette).map(({ recording }) => recording)) }
  } catch (error) {
    const message = (error as Error).message.split('\n')[0]!
    return { ...basis, recordings: 0, providers: [], models: [], tests: [], error: message }
  }
}

function summarize(recordings: readonly Recording[]) {
  const conversations = recordings.map(({ request, response }) => readConversation(request, response))
  const tokens = conversations.flatMap(({ usage }) => usage?.totalTokens ?? [])
  const [oldest] = recordings.flatMap(({ recorded_at }) => recorded_at ?? []).toSorted()
  return {
    recordings: recordings.length,
    providers: unique(recordings.map(({ request }) => nameProvider(request.url))),
    models: unique(conversations.flatMap(({ model }) => model ?? [])),
    ...(tokens.length === 0 ? {} : { tokens: tokens.reduce((sum, number) => sum + number, 0) }),
    ...(oldest === undefined ? {} : { recorded_at: oldest }),
    tests: unique(recordings.flatMap(({ test }) => test ?? [])),
  }
}

function unique(values: string[]): string[] {
  return [...new Set(values)]
}
