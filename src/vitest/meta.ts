import type { UncoveredHost } from '../process/uncovered.ts'
import type { SessionReport } from '../session/report.ts'

/** The name under which a task's meta brings its reports to the reporter. Meta survives shards and blob reports. */
const metaName = 'cassettes'

/** Of a retried test the last attempt counts. A suite may have several cassettes, each of which reports for itself. */
export function setReports(meta: object, reports: readonly SessionReport[]): void {
  if (reports.length > 0) Object.assign(meta, { [metaName]: reports })
}

export function readReports(meta: object): readonly SessionReport[] {
  return (meta as { [metaName]?: readonly SessionReport[] })[metaName] ?? []
}

const uncoveredName = 'uncovered-llm-calls'

/** What went out of a test file although a cassette could have answered it. */
export function setUncovered(meta: object, hosts: readonly UncoveredHost[]): void {
  if (hosts.length > 0) Object.assign(meta, { [uncoveredName]: hosts })
}

export function readUncovered(meta: object): readonly UncoveredHost[] {
  return (meta as { [uncoveredName]?: readonly UncoveredHost[] })[uncoveredName] ?? []
}
