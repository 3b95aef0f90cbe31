import { aroundAll, aroundEach, type RunnerTestCase } from 'vitest'
import { checkOptions } from '../session/check-options.ts'
import type { CassetteOptions } from '../session/options.ts'
import { setPlaceholderKeys } from '../process/environment.ts'
import { install, prepare, runInScope, uninstall } from '../process/calls.ts'
import { Scope } from '../session/scope.ts'
import { setReports } from './meta.ts'
import { setSettings, settings } from './runtime.ts'
import type { RuntimeSettings } from './settings.ts'
import { ownerOfTest } from './test-scope.ts'

/**
 * Puts the interceptor in place and opens a scope around every test: what the plugin does. For setup files of projects
 * that do without the plugin; `import 'vitest-cassette/setup'` is the same without options.
 *
 * @throws {CassetteError} `bad-option`
 *
 * @example
 * // test/setup.ts
 * import { setupCassettes } from 'vitest-cassette'
 * setupCassettes({ dir: 'fixtures' })
 */
export function setupCassettes(options: CassetteOptions = {}): void {
  setUp({ options: checkOptions(options, 'setupCassettes()'), root: process.cwd() })
}

/** Runs anew for each test file. */
export function setUp(given: RuntimeSettings): void {
  setSettings(given)
  install()
  const { mode } = given.options
  const sends = [process.env.CASSETTE_MODE ?? mode].some(word => word === 'record' || word === 'live')
  if (!sends) setPlaceholderKeys(process.env)
  aroundAll(async runFile => {
    setSettings({ ...given, running: true })
    await prepare()
    await runFile()
    // The next file may run in the same process, in another VM context, and puts an interceptor of its own in place.
    uninstall()
  })
  aroundEach(async (runTest, { task }) => {
    const scope = new Scope(ownerOfTest(task as RunnerTestCase, settings().root))
    await runInScope(scope, runTest)
    try {
      await scope.close(task.result?.state === 'pass')
    } finally {
      setReports(task.meta, scope.reports())
    }
  })
}
