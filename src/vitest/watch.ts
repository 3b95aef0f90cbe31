import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Vitest } from 'vitest/node'
import type { SessionReport } from '../session/report.ts'
import { isInside } from '../store/relative-path.ts'

/**
 * Runs the tests of a cassette again when a person has edited it, and not when the run itself has written it: a run that
 * records would otherwise start itself again and again.
 */
export class CassetteWatch {
  private isRunning = false
  /** Cassette files that changed during a run, by the run itself or by a person. */
  private readonly pending = new Set<string>()
  /** Every file that a test has written, with the SHA-256 of its text. */
  private readonly written = new Set<string>()
  private readonly testsByCassette = new Map<string, Set<string>>()
  private vitest: Vitest | undefined

  /** @param dir the cassette folder, absolute */
  register(vitest: Vitest, dir: string): void {
    this.vitest = vitest
    ;(vitest.config.watchTriggerPatterns ??= []).push({
      pattern: /\.json$/,
      testsToRun: changed => {
        const file = path.normalize(changed)
        return isInside(dir, file) ? this.findTestsToRun(file) : undefined
      },
    })
  }

  noteRunStart(): void {
    this.isRunning = true
  }

  noteRunEnd(tasks: readonly { testFile: string; report: SessionReport }[]): void {
    this.isRunning = false
    for (const { testFile, report } of tasks) {
      const tests = this.testsByCassette.get(report.file) ?? new Set()
      this.testsByCassette.set(report.file, tests.add(testFile))
      for (const [file, digest] of Object.entries(report.written)) this.written.add(`${file} ${digest}`)
    }
    const edited = [...this.pending].filter(file => !this.isOwnText(file))
    this.pending.clear()
    const tests = edited.flatMap(file => this.findTests(file))
    if (tests.length > 0) this.rerun(tests)
  }

  private findTestsToRun(file: string): string[] | undefined {
    if (this.isRunning) {
      // Which texts the run has written is known once its tests have reported.
      this.pending.add(file)
      return undefined
    }
    const tests = this.isOwnText(file) ? [] : this.findTests(file)
    return tests.length > 0 ? tests : undefined
  }

  /** Whether the file is gone, or holds what a test has written. */
  private isOwnText(file: string): boolean {
    if (!existsSync(file)) return true
    const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
    return this.written.has(`${file} ${digest}`)
  }

  /** The test files that asked for this cassette, or for the folder that it is a file of. */
  private findTests(file: string): string[] {
    const cassettes = [file, path.dirname(file)]
    return cassettes.flatMap(cassette => [...(this.testsByCassette.get(cassette) ?? [])])
  }

  private rerun(tests: readonly string[]): void {
    const vitest = this.vitest!
    // The run that is ending has to be over first.
    setTimeout(() => {
      const specifications = tests.flatMap(test => vitest.getModuleSpecifications(test))
      void vitest.rerunTestSpecifications(specifications)
    })
  }
}
