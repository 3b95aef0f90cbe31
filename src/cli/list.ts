import { readConversation } from '../conversation/read.ts'
import { escapeControls } from '../conversation/format.ts'
import { providerOf } from '../providers.ts'
import type { Recording } from '../cassette/schema.ts'
import { findCassettes, recordingsOf, shown, sizeOf, type StoredCassette } from '../review/catalogue.ts'
import type { Context, Report } from './report.ts'
import { dim, style } from './style.ts'
import { printTable, type Column } from './table.ts'
import { count, printAge, printBytes } from './units.ts'

interface Entry {
  name: string
  file: string
  recordings: number
  providers: string[]
  models: string[]
  /** Tokens that the recorded calls used; absent where no response says. */
  tokens?: number
  /** The day of the oldest recording. */
  recorded_at?: string
  bytes: number
  tests: string[]
  /** Why the cassette cannot be read. */
  error?: string
}

/** `list`: what is in the cassette folder. */
export function list(context: Context): Report {
  const cassettes = findCassettes(context)
  const entries = cassettes.map((cassette, index) => {
    context.progress.at(index, cassettes.length, cassette.name)
    return entryOf(context, cassette)
  })
  const broken = entries.filter(({ error }) => error !== undefined)
  return {
    data: entries,
    text: [table(entries, context), '', summary(entries), ...broken.map(brokenLine)].join('\n'),
    ...(broken.length > 0 ? { exitCode: 2 } : {}),
  }
}

function entryOf({ root }: Context, cassette: StoredCassette): Entry {
  const basis = {
    name: cassette.name,
    file: shown(root, cassette.location.path),
    bytes: sizeOf(cassette.files),
  }
  try {
    return { ...basis, ...contentOf(recordingsOf(cassette).map(({ recording }) => recording)) }
  } catch (error) {
    const message = (error as Error).message.split('\n')[0]!
    return { ...basis, recordings: 0, providers: [], models: [], tests: [], error: message }
  }
}

function contentOf(recordings: readonly Recording[]) {
  const calls = recordings.map(({ request, response }) => readConversation(request, response))
  const tokens = calls.flatMap(({ usage }) => usage?.totalTokens ?? [])
  const [oldest] = recordings.flatMap(({ recorded_at }) => recorded_at ?? []).toSorted()
  return {
    recordings: recordings.length,
    providers: unique(recordings.map(({ request }) => providerName(request.url))),
    models: unique(calls.flatMap(({ model }) => model ?? [])),
    ...(tokens.length === 0 ? {} : { tokens: tokens.reduce((sum, number) => sum + number, 0) }),
    ...(oldest === undefined ? {} : { recorded_at: oldest }),
    tests: unique(recordings.flatMap(({ test }) => test ?? [])),
  }
}

/** Its name, or the host. */
export function providerName(url: string): string {
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  return providerOf(parsed)?.name ?? parsed.host
}

const columns: Column[] = [
  { title: 'name', min: 16 },
  { title: 'calls', align: 'right' },
  { title: 'provider', min: 8 },
  { title: 'model', min: 12 },
  { title: 'tokens', align: 'right' },
  { title: 'age' },
  { title: 'size', align: 'right' },
  { title: 'tests', min: 5 },
]

function table(entries: Entry[], { width }: Context): string {
  const now = new Date()
  const rows = entries.map(entry => [
    escapeControls(entry.name),
    entry.error === undefined ? String(entry.recordings) : 'broken',
    firstOf(entry.providers),
    firstOf(entry.models),
    entry.tokens?.toLocaleString('en-US') ?? '',
    printAge(entry.recorded_at, now),
    printBytes(entry.bytes),
    firstOf(entry.tests),
  ])
  return printTable(columns, rows, width)
}

function summary(entries: Entry[]): string {
  const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0)
  const tokens = total(entries.map(entry => entry.tokens ?? 0)).toLocaleString('en-US')
  const recordings = count(total(entries.map(entry => entry.recordings)), 'recording')
  return dim(
    `${count(entries.length, 'cassette')}, ${recordings}, ${tokens} tokens, ${printBytes(total(entries.map(({ bytes }) => bytes)))}`,
  )
}

function brokenLine({ error }: Entry): string {
  return style('red', escapeControls(error!))
}

function firstOf([first = '', ...more]: string[]): string {
  return escapeControls(more.length === 0 ? first : `${first} +${more.length}`).replace(/\s+/g, ' ')
}

function unique(values: string[]): string[] {
  return [...new Set(values)]
}
