import path from 'node:path'
import type { Reporter, TestCase, TestModule, TestRunEndReason, TestSuite, Vitest } from 'vitest/node'
import type { UncoveredHost } from '../process/uncovered.ts'
import type { SessionReport } from '../session/report.ts'
import { writeLastRun } from '../store/last-run.ts'
import { isInside } from '../store/relative-path.ts'
import { readReports, readUncovered } from './meta.ts'
import type { RunOptions } from './plugin-options.ts'
import { formatSummary } from './summary.ts'
import type { CassetteWatch } from './watch.ts'

/** A project of the run, as the plugin met it. */
export interface ReportedProject {
  /** Its cassette folder, absolute. */
  dir: string
  /** Its `redact.patterns`, as they are written. */
  patterns: string[]
}

/** Says at the end of a run, beside all other reporters, what the cassettes did and what a person should look at. */
export class CassetteReporter implements Reporter {
  readonly projects: ReportedProject[] = []
  private vitest: Vitest | undefined
  private review: Promise<typeof import('../review/unused.ts')> | undefined
  private readonly options: RunOptions
  private readonly watch: CassetteWatch

  constructor(options: RunOptions, watch: CassetteWatch) {
    this.options = options
    this.watch = watch
  }

  onInit(vitest: Vitest): void {
    this.vitest = vitest
  }

  onTestRunStart(): void {
    this.watch.noteRunStart()
    // What reads cassettes is loaded while the workers start. Loaded right here, it would hold them up.
    setImmediate(() => (this.review ??= import('../review/unused.ts')))
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    _errors: unknown,
    reason: TestRunEndReason,
  ): Promise<void> {
    const vitest = this.vitest!
    const { root } = vitest.config
    const tasks = modules.flatMap(readTasks)
    this.watch.noteRunEnd(tasks)
    const reports = tasks.map(({ report }) => report)
    const full = reason === 'passed' && (await ranEverything(vitest, modules))
    const { findOld, findOrphans, findUnused } = await (this.review ??= import('../review/unused.ts'))
    const run = { reports, skipped: findSkipped(modules) }
    const unused = full ? findUnused(run) : []
    const orphans = full ? findOrphans([...new Set(this.projects.map(({ dir }) => dir))], run) : []
    const isWanted = this.options.unused !== 'ignore'
    const { maxAge } = this.options
    const uncovered = this.options.uncovered === 'ignore' ? [] : findUncovered(modules)
    const lines = formatSummary({
      root,
      reports: tasks,
      unused: isWanted ? unused : [],
      orphans: isWanted ? orphans : [],
      old: maxAge === undefined ? [] : findOld(new Set(reports.map(({ file }) => file)), maxAge),
      maxAge,
      uncovered,
      idlePatterns: full && reports.length > 0 ? this.findIdlePatterns(reports) : [],
    })
    if (lines.length > 0) print(vitest, `\n${lines.join('\n')}\n`)
    try {
      writeLastRun(root, { full, dirs: this.findFolders(reports), unused, orphans })
    } catch {
      // The checkout is read-only. `prune` will say that there is no record of a run.
    }
    if (this.options.uncovered === 'fail' && uncovered.length > 0) process.exitCode = 1
    if (this.options.unused === 'fail' && unused.length + orphans.length > 0) process.exitCode = 1
  }

  /** The cassette folders, and the folders of cassettes for which a test has set another `dir`. */
  private findFolders(reports: readonly SessionReport[]): string[] {
    const folders = new Set(this.projects.map(({ dir }) => dir))
    for (const { file } of reports)
      if (![...folders].some(folder => isInside(folder, file))) folders.add(path.dirname(file))
    return [...folders]
  }

  private findIdlePatterns(reports: readonly SessionReport[]): string[] {
    const used = reports.flatMap(({ patterns }) => Object.entries(patterns))
    const busy = new Set(used.flatMap(([pattern, hasFound]) => (hasFound ? [pattern] : [])))
    const known = [...this.projects.flatMap(({ patterns }) => patterns), ...used.map(([pattern]) => pattern)]
    return [...new Set(known)].filter(pattern => !busy.has(pattern))
  }
}

/** What a cassette did in a test, or in the hooks of a suite or a file. */
interface ReportedTask {
  /** The full name of the test or suite, or the path of the file. */
  test: string
  testFile: string
  report: SessionReport
}

function readTasks(module: TestModule): ReportedTask[] {
  const read = (task: TestCase | TestSuite | TestModule, test: string): ReportedTask[] =>
    readReports(task.meta()).map(report => ({ test, testFile: module.moduleId, report }))
  const suites = [...module.children.allSuites()].flatMap(suite => read(suite, suite.fullName))
  const tests = [...module.children.allTests()].flatMap(test => read(test, test.fullName))
  return [...read(module, module.relativeModuleId), ...suites, ...tests]
}

/** Whether no filter of files or names and no shard left a test out. */
async function ranEverything(vitest: Vitest, modules: readonly TestModule[]): Promise<boolean> {
  if (vitest.config.testNamePattern) return false
  const ran = new Set(modules.map(module => module.moduleId))
  const all = await vitest.globTestSpecifications()
  return all.every(({ moduleId }) => ran.has(moduleId))
}

/** The same host, asked by the same test in several files or projects, is one entry. */
function findUncovered(modules: readonly TestModule[]): UncoveredHost[] {
  const hosts = modules.flatMap(module => readUncovered(module.meta()))
  const groups = Map.groupBy(hosts, ({ host, test, kind }) => JSON.stringify([kind, host, test]))
  return [...groups.values()].map(group => ({
    ...group[0]!,
    count: group.reduce((sum, { count }) => sum + count, 0),
  }))
}

function findSkipped(modules: readonly TestModule[]): Set<string> {
  const skipped = modules.flatMap(module => [...module.children.allTests('skipped')])
  return new Set(skipped.map(test => test.fullName))
}

/** Leaves the standard output alone where another reporter writes data to it. */
function print(vitest: Vitest, text: string): void {
  if (takesStandardOutput(vitest)) vitest.logger.error(text)
  else vitest.logger.log(text)
}

function takesStandardOutput({ config }: Vitest): boolean {
  const data = new Set(['json', 'junit', 'tap', 'tap-flat', 'github-actions', 'blob'])
  const files: unknown = config.outputFile
  return config.reporters.some(reporter => {
    if (!Array.isArray(reporter) || typeof reporter[0] !== 'string' || !data.has(reporter[0])) return false
    const own = (reporter[1] as { outputFile?: string } | undefined)?.outputFile
    const named = typeof files === 'object' && files !== null && reporter[0] in files
    return own === undefined && typeof files !== 'string' && !named
  })
}
