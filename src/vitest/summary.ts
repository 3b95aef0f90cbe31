import type { UncoveredHost } from '../process/uncovered.ts'
import type { SessionReport } from '../session/report.ts'
import type { OldFile, UnusedRecording } from '../review/unused.ts'
import { relativePath } from '../store/relative-path.ts'

/** What is to be said at the end of a run. Files are absolute. */
export interface RunSummary {
  root: string
  reports: readonly { test: string; report: SessionReport }[]
  /** Empty where the run was not full. */
  unused: readonly UnusedRecording[]
  /** Cassette files that no test asked for. */
  orphans: readonly string[]
  /** Files with recordings that are older than `maxAge`. */
  old: readonly OldFile[]
  maxAge: string | undefined
  /** Requests that went out although a cassette could have answered them. */
  uncovered: readonly UncoveredHost[]
  /** Patterns of `redact.patterns` that found nothing in a full run. */
  idlePatterns: readonly string[]
}

/** The lines that a person reads; none where no cassette had anything to do with the run. */
export function formatSummary(summary: RunSummary): string[] {
  const counts = formatCounts(summary)
  const actions = formatActions(summary)
  if (counts === '' && actions.length === 0) return []
  return [`  Cassettes  ${counts === '' ? 'none used' : counts}`, ...actions]
}

function formatCounts({ reports, unused, orphans }: RunSummary): string {
  const sum = (field: 'replayed' | 'recorded' | 'live' | 'missed' | 'tokens') =>
    reports.reduce((total, { report }) => total + report[field], 0)
  const format = (number: number, what: string) => (number === 0 ? [] : [`${number} ${what}`])
  const tokens = sum('tokens')
  return [
    ...(['replayed', 'recorded', 'live', 'missed'] as const).flatMap(field => format(sum(field), field)),
    ...format(unused.length, 'unused'),
    ...format(orphans.length, orphans.length === 1 ? 'orphan' : 'orphans'),
    ...(tokens > 0 ? [`about ${formatThousands(tokens)} tokens not paid for`] : []),
  ].join(', ')
}

/** `1,234,567`. `toLocaleString()` would take 15 ms of the run when it is called for the first time. */
function formatThousands(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** What a person should look at, each with what to do about it. */
function formatActions(summary: RunSummary): string[] {
  const { reports, unused, orphans, old, maxAge, uncovered, idlePatterns } = summary
  const show = (file: string) => relativePath(summary.root, file)
  const showOwner = (test: string | undefined) => (test === undefined ? '' : `, of '${test}'`)
  const prune = 'npx vitest-cassette prune'
  const record = 'CASSETTE_MODE=record npx vitest run'
  const missed = reports.filter(({ report }) => report.missed > 0)
  return [
    ...countRecorded(reports).map(([file, count]) =>
      formatAction('recorded', `${show(file)} (${count})`, 'commit it'),
    ),
    ...missed.map(({ test, report }) => formatAction('missed', test, report.command)),
    ...uncovered.map(formatUncovered),
    ...unused.map(({ file, index, test }) =>
      formatAction('unused', `${show(file)}, recording ${index + 1}${showOwner(test)}`, prune),
    ),
    ...orphans.map(file => formatAction('orphan', `${show(file)}, which no test asked for`, prune)),
    ...old.map(({ file, count }) =>
      formatAction('old', `${show(file)}: ${count} older than ${maxAge}`, record),
    ),
    ...idlePatterns.map(pattern =>
      formatAction('pattern', `${pattern} of redact.patterns found nothing`, 'check it, or remove it'),
    ),
  ]
}

function formatUncovered({ host, test, kind, count }: UncoveredHost): string {
  const owner = test === undefined ? ', of no test' : `, of '${test}'`
  const exclude = `cassettes({ exclude: ['${host}'] })`
  const requests = `${count} ${kind === 'llm' ? 'LLM call' : 'request'}${count === 1 ? '' : 's'} to ${host}${owner}`
  switch (kind) {
    case 'llm':
      return formatAction(
        'uncovered',
        `${requests}, which uses no cassette`,
        `useCassette() in the test, or ${exclude}`,
      )
    case 'unknown':
      return formatAction(
        'uncovered',
        `${requests}, while it replays`,
        `cassettes({ include: ['${host}'] }) if a model answers there, or ${exclude}`,
      )
    case 'process':
      return formatAction(
        'uncovered',
        `${host} was started with a provider's key in its environment${owner}`,
        `only Node processes ask the cassette; ${exclude} if it makes no LLM calls`,
      )
  }
}

/** How many recordings were added to each file, sorted by file. */
function countRecorded(reports: RunSummary['reports']): [file: string, count: number][] {
  const counts = new Map<string, number>()
  for (const { report } of reports)
    if (report.recorded > 0) counts.set(report.file, (counts.get(report.file) ?? 0) + report.recorded)
  return [...counts].toSorted(([left], [right]) => (left < right ? -1 : 1))
}

function formatAction(kind: string, subject: string, action: string): string {
  return `   ${kind.padEnd(9)} ${subject}\n             ${action}`
}
