import path from 'node:path'
import type { SessionReport } from '../session/report.ts'

/** A recording that needs a hand, as a reader finds it. */
export interface StoredPlace {
  /** Absolute. */
  file: string
  /** The place in the file's recordings, from 0. */
  index: number
  test?: string | undefined
}

/** What is to be said at the end of a run. */
export interface RunSummary {
  root: string
  reports: readonly { test: string; report: SessionReport }[]
  /** Empty where the run was not full. */
  unused: readonly StoredPlace[]
  orphans: readonly string[]
  /** Files with recordings that are older than `maxAge`. */
  old: readonly { file: string; count: number }[]
  maxAge?: string | undefined
  /** Patterns of `redact.patterns` that found nothing in a full run. */
  idlePatterns: readonly string[]
}

/** The lines that a person reads; none where no cassette had anything to do with the run. */
export function printSummary(summary: RunSummary): string[] {
  const line = countLine(summary)
  const hands = [
    ...recorded(summary),
    ...missed(summary),
    ...unused(summary),
    ...orphans(summary),
    ...old(summary),
    ...idle(summary),
  ]
  return line === undefined && hands.length === 0 ? [] : [`  Cassettes  ${line ?? 'none used'}`, ...hands]
}

function countLine({ reports, unused, orphans }: RunSummary): string | undefined {
  const sum = (pick: (report: SessionReport) => number) =>
    reports.reduce((total, { report }) => total + pick(report), 0)
  const tokens = sum(report => report.tokens)
  const parts = [
    ...count(
      sum(report => report.replayed),
      'replayed',
    ),
    ...count(
      sum(report => report.recorded),
      'recorded',
    ),
    ...count(
      sum(report => report.live),
      'live',
    ),
    ...count(
      sum(report => report.missed),
      'missed',
    ),
    ...count(unused.length, 'unused'),
    ...count(orphans.length, orphans.length === 1 ? 'orphan' : 'orphans'),
    ...(tokens > 0 ? [`about ${thousands(tokens)} tokens not paid for`] : []),
  ]
  return parts.length === 0 ? undefined : parts.join(', ')
}

/** `1,234,567`. Not `toLocaleString()`, which takes 15 ms of the run when it is asked first. */
function thousands(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

function count(number: number, what: string): string[] {
  return number === 0 ? [] : [`${number} ${what}`]
}

function recorded({ root, reports }: RunSummary): string[] {
  const files = new Map<string, number>()
  for (const { report } of reports)
    if (report.recorded > 0) files.set(report.file, (files.get(report.file) ?? 0) + report.recorded)
  const sorted = [...files].toSorted(([left], [right]) => (left < right ? -1 : 1))
  return sorted.map(([file, number]) => hand('recorded', `${shown(root, file)} (${number})`, 'commit it'))
}

function missed({ reports }: RunSummary): string[] {
  return reports
    .filter(({ report }) => report.missed > 0)
    .map(({ test, report }) => hand('missed', test, report.command))
}

function unused({ root, unused: places }: RunSummary): string[] {
  return places.map(({ file, index, test }) => {
    const whose = test === undefined ? '' : `, of '${test}'`
    return hand('unused', `${shown(root, file)}, recording ${index + 1}${whose}`, prune)
  })
}

function orphans({ root, orphans: files }: RunSummary): string[] {
  return files.map(file => hand('orphan', `${shown(root, file)}, which no test asked for`, prune))
}

function old({ root, old: files, maxAge }: RunSummary): string[] {
  return files.map(({ file, count: number }) =>
    hand(
      'old',
      `${shown(root, file)}: ${number} older than ${maxAge}`,
      'CASSETTE_MODE=record npx vitest run',
    ),
  )
}

function idle({ idlePatterns }: RunSummary): string[] {
  return idlePatterns.map(pattern =>
    hand('pattern', `${pattern} of redact.patterns found nothing`, 'check it, or remove it'),
  )
}

const prune = 'npx vitest-cassette prune'

function hand(what: string, where: string, command: string): string {
  return `   ${what.padEnd(9)} ${where}\n             ${command}`
}

function shown(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/')
}
