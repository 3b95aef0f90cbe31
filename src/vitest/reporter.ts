import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Reporter, TestCase, TestModule, TestRunEndReason, TestSuite, Vitest } from 'vitest/node'
import type { SessionReport } from '../session/report.ts'
import { reportsOf } from './meta.ts'
import type { RunOptions } from './plugin-options.ts'
import { printSummary, type RunSummary } from './summary.ts'
import type { CassetteWatch } from './watch.ts'

/** A project of the run, as the plugin met it. */
export interface ReportedProject {
  /** Its cassette folder, absolute. */
  dir: string
  /** Its `redact.patterns`, as they are written. */
  patterns: string[]
}

/** Says at the end of a run what the cassettes did, and what needs a hand; beside all other reporters. */
export class CassetteReporter implements Reporter {
  readonly projects: ReportedProject[] = []
  private vitest: Vitest | undefined
  private survey: Promise<typeof import('../review/unused.ts')> | undefined
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
    this.watch.runStarts()
    // It reads cassettes, and what that takes loads while the workers start: not now, they would start later.
    setImmediate(() => (this.survey ??= import('../review/unused.ts')))
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    _errors: unknown,
    reason: TestRunEndReason,
  ): Promise<void> {
    const vitest = this.vitest!
    const told = modules.flatMap(reportsOfModule)
    this.watch.runEnds(told)
    const reports = told.map(({ report }) => report)
    const full = reason === 'passed' && (await ranEverything(vitest, modules))
    const { surveyUse, surveyAge } = await (this.survey ??= import('../review/unused.ts'))
    const survey = full
      ? surveyUse(this.dirs(), { reports, skipped: skippedTests(modules) })
      : { unused: [], orphans: [] }
    const wanted = this.options.unused !== 'ignore'
    const { maxAge } = this.options
    const summary: RunSummary = {
      root: vitest.config.root,
      reports: told.map(({ test, report }) => ({ test: `${test}`, report })),
      unused: wanted ? survey.unused : [],
      orphans: wanted ? survey.orphans : [],
      old: maxAge === undefined ? [] : surveyAge(new Set(reports.map(({ file }) => file)), maxAge),
      maxAge,
      idlePatterns: full && reports.length > 0 ? idlePatterns(this.projects, reports) : [],
    }
    print(vitest, printSummary(summary))
    leaveForPrune(vitest.config.root, { full, ...survey })
    const left = survey.unused.length + survey.orphans.length
    if (this.options.unused === 'fail' && left > 0) process.exitCode = 1
  }

  private dirs(): string[] {
    return [...new Set(this.projects.map(({ dir }) => dir))]
  }
}

interface Told {
  test: string
  testFile: string
  report: SessionReport
}

function reportsOfModule(module: TestModule): Told[] {
  const told = (task: TestCase | TestSuite | TestModule, test: string): Told[] =>
    reportsOf(task.meta()).map(report => ({ test, testFile: module.moduleId, report }))
  const suites = [...module.children.allSuites()].flatMap(suite => told(suite, suite.fullName))
  const tests = [...module.children.allTests()].flatMap(test => told(test, test.fullName))
  return [...told(module, module.relativeModuleId), ...suites, ...tests]
}

/** No filter of files or names, no shard, no failure: only then is what nobody played unused. */
async function ranEverything(vitest: Vitest, modules: readonly TestModule[]): Promise<boolean> {
  if (vitest.config.testNamePattern) return false
  const ran = new Set(modules.map(module => module.moduleId))
  const all = await vitest.globTestSpecifications()
  return all.every(({ moduleId }) => ran.has(moduleId))
}

function skippedTests(modules: readonly TestModule[]): Set<string> {
  const skipped = modules.flatMap(module => [...module.children.allTests('skipped')])
  return new Set(skipped.map(test => test.fullName))
}

function idlePatterns(projects: readonly ReportedProject[], reports: readonly SessionReport[]): string[] {
  const busy = new Set(
    reports.flatMap(({ patterns }) => Object.keys(patterns).filter(pattern => patterns[pattern])),
  )
  const known = [
    ...projects.flatMap(({ patterns }) => patterns),
    ...reports.flatMap(report => Object.keys(report.patterns)),
  ]
  return [...new Set(known)].filter(pattern => !busy.has(pattern))
}

/** A reporter that writes data to the standard output has it for itself. */
function print(vitest: Vitest, lines: readonly string[]): void {
  if (lines.length === 0) return
  const text = `\n${lines.join('\n')}\n`
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

/** What `vitest-cassette prune` reads. */
function leaveForPrune(
  root: string,
  run: { full: boolean; unused: { file: string; index: number }[]; orphans: string[] },
): void {
  const relative = (file: string) => path.relative(root, file).split(path.sep).join('/')
  const content = {
    full: run.full,
    unused: run.unused.map(({ file, index }) => ({ file: relative(file), index })),
    orphans: run.orphans.map(relative),
  }
  const folder = path.join(root, 'node_modules/.vitest-cassette')
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(path.join(folder, 'last-run.json'), `${JSON.stringify(content, null, 2)}\n`)
  } catch {
    // A read-only checkout: `prune` will say that there was no run.
  }
}
