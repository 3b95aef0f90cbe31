import { escapeControls } from '../conversation/format.ts'
import { findCassettes } from '../review/catalogue.ts'
import { readEntry, type CatalogueEntry } from '../review/entry.ts'
import type { Context, Report } from './report.ts'
import { dim, style } from './style.ts'
import { formatTable, type Column } from './table.ts'
import { formatAge, formatBytes, formatCount } from './units.ts'

/** `list`: what is in the cassette folder. */
export function list(context: Context): Report {
  const cassettes = findCassettes(context)
  const entries = Array.from(context.progress.each(cassettes), cassette => readEntry(context, cassette))
  const errors = entries.flatMap(({ error }) => error ?? [])
  return {
    data: entries,
    text: [
      formatEntries(entries, context),
      '',
      formatTotals(entries),
      ...errors.map(error => style('red', escapeControls(error))),
    ].join('\n'),
    ...(errors.length > 0 ? { exitCode: 2 } : {}),
  }
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

function formatEntries(entries: CatalogueEntry[], { width }: Context): string {
  const now = new Date()
  const rows = entries.map(entry => [
    escapeControls(entry.name),
    entry.error === undefined ? String(entry.recordings) : 'broken',
    formatFirst(entry.providers),
    formatFirst(entry.models),
    entry.tokens?.toLocaleString('en-US') ?? '',
    formatAge(entry.recorded_at, now),
    formatBytes(entry.bytes),
    formatFirst(entry.tests),
  ])
  return formatTable(columns, rows, width)
}

function formatTotals(entries: CatalogueEntry[]): string {
  const sum = (field: 'recordings' | 'tokens' | 'bytes') =>
    entries.reduce((total, entry) => total + (entry[field] ?? 0), 0)
  const cassettes = `${formatCount(entries.length, 'cassette')}, ${formatCount(sum('recordings'), 'recording')}`
  return dim(`${cassettes}, ${sum('tokens').toLocaleString('en-US')} tokens, ${formatBytes(sum('bytes'))}`)
}

/** The first of a list, and how many more there are, in one line. */
function formatFirst([first = '', ...more]: string[]): string {
  return escapeControls(more.length === 0 ? first : `${first} +${more.length}`).replace(/\s+/g, ' ')
}
