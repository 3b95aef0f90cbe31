import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Vitest } from 'vitest/node'
import type { SessionReport } from '../session/report.ts'

/**
 * Runs the tests of a cassette again when it was edited, and not when the run itself has written it: a run that
 * records would otherwise start itself again and again.
 */
export class CassetteWatch {
  private running = false
  /** Changed while a run was going on, by it or by hand. */
  private readonly pending = new Set<string>()
  /** SHA-256 of every text that a test has written, by file. */
  private readonly written = new Map<string, Set<string>>()
  private readonly testsByCassette = new Map<string, Set<string>>()
  private vitest: Vitest | undefined

  /** @param dir the cassette folder, absolute */
  register(vitest: Vitest, dir: string): void {
    this.vitest = vitest
    const folder = dir
      .split(path.sep)
      .join('/')
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const pattern = new RegExp(`^${folder}/.*\\.json$`)
    ;(vitest.config.watchTriggerPatterns ??= []).push({
      pattern,
      testsToRun: file => this.testsFor(path.normalize(file)),
    })
  }

  runStarts(): void {
    this.running = true
  }

  runEnds(told: readonly { testFile: string; report: SessionReport }[]): void {
    this.running = false
    for (const { testFile, report } of told) {
      setOf(this.testsByCassette, report.file).add(testFile)
      for (const [file, digest] of Object.entries(report.written)) setOf(this.written, file).add(digest)
    }
    const edited = [...this.pending].filter(file => !this.isOwn(file)).flatMap(file => this.usersOf(file))
    this.pending.clear()
    if (edited.length > 0) this.rerun(edited)
  }

  private testsFor(file: string): string[] | undefined {
    if (this.running) {
      // What the run writes is known once its tests have reported.
      this.pending.add(file)
      return undefined
    }
    const tests = this.isOwn(file) ? [] : this.usersOf(file)
    return tests.length > 0 ? tests : undefined
  }

  private isOwn(file: string): boolean {
    if (!existsSync(file)) return true
    const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
    return this.written.get(file)?.has(digest) ?? false
  }

  private usersOf(file: string): string[] {
    const files = [file, path.dirname(file)]
    return files.flatMap(cassette => [...(this.testsByCassette.get(cassette) ?? [])])
  }

  private rerun(tests: readonly string[]): void {
    const vitest = this.vitest!
    // After the run that is just ending.
    setTimeout(() => {
      const specifications = tests.flatMap(test => vitest.getModuleSpecifications(test))
      void vitest.rerunTestSpecifications(specifications)
    })
  }
}

function setOf(map: Map<string, Set<string>>, key: string): Set<string> {
  const known = map.get(key)
  if (known) return known
  const made = new Set<string>()
  map.set(key, made)
  return made
}
