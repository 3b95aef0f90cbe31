import { aroundAll, aroundEach, type RunnerTestCase } from 'vitest'
import { checkOptions } from '../session/check-options.ts'
import { isExcluded } from '../session/coverage.ts'
import type { CassetteOptions } from '../session/options.ts'
import { setPlaceholderKeys } from '../process/environment.ts'
import { endFile, endScope, prepare, runScope, startFile, strays, uncovered } from '../process/calls.ts'
import type { UncoveredHost } from '../process/uncovered.ts'
import { Scope } from '../session/scope.ts'
import { leaveTest } from '../server/leave.ts'
import { setReports, setUncovered } from './meta.ts'
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

/** How long the end of a test may wait for other processes that write the same cassette, and for the disk, in ms. */
const savingTime = 90_000

/** Runs anew for each test file. */
export function setUp(given: RuntimeSettings): void {
  setSettings(given)
  leaveTest()
  startFile(given.options)
  const { mode } = given.options
  const sends = [process.env.CASSETTE_MODE ?? mode].some(word => word === 'record' || word === 'live')
  if (!sends) setPlaceholderKeys(process.env)
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads which fixtures a hook needs from this pattern
  aroundAll(async (runFile, {}, file) => {
    setSettings({ ...given, running: true })
    await prepare()
    await runFile()
    endFile()
    const isKnown = ({ host, kind }: UncoveredHost) =>
      kind === 'process'
        ? given.options.exclude?.includes(host)
        : isExcluded(new URL(`https://${host}`), given.options)
    setUncovered(
      file.meta,
      uncovered.list().filter(noted => !isKnown(noted)),
    )
    const [failure] = strays.failures
    if (failure) throw failure
  })
  aroundEach(async (runTest, { task }) => {
    const scope = new Scope(ownerOfTest(task as RunnerTestCase, settings().root))
    await runScope(scope, runTest)
    try {
      // A test that is expected to fail has gone well where it failed.
      await endScope(scope, task.result?.state === (task.fails ? 'fail' : 'pass'))
    } catch (error) {
      // A miss is never the failure that `test.fails` expects.
      Object.assign(task, { fails: false })
      throw error
    } finally {
      setReports(task.meta, scope.reports())
    }
  }, savingTime)
}
