import { aroundAll, aroundEach, expect } from 'vitest'
import path from 'node:path'
import { CassetteError } from '../errors.ts'
import type { Cassette } from '../session/call.ts'
import { checkOptions } from '../session/check-options.ts'
import type { CassetteOptions } from '../session/options.ts'
import { currentScope, endScope, isInstalled, openCassette, runScope } from '../process/calls.ts'
import { Scope } from '../session/scope.ts'
import { Session } from '../session/session.ts'
import { openToChildren } from '../server/invite.ts'
import { nameOfTest } from '../store/locate.ts'
import { setReports } from './meta.ts'
import { sessionOptions, settings } from './runtime.ts'
import { ownerOfHooks } from './test-scope.ts'

// Whoever imports this may open a cassette later: what he starts before that is to be answered too.
openToChildren()

/**
 * Answers the LLM calls of a test from a cassette, and records what is not in it yet.
 *
 * In a test it covers that test from here on. In a `describe`, or at the top of a file, it covers each test below, and
 * the suite's hooks. The inner one replaces the outer one.
 *
 * @param name relative to the cassette folder, may contain `/`. Default: `<test file>/<full test name>`
 * @param options over those of the plugin
 * @throws {CassetteError} `bad-name`, `bad-option`, `bad-cassette`, `no-scope`
 *
 * @example
 * test('names the capital', async () => {
 *   const cassette = useCassette('capital-question')
 *   expect(await ask('What is the name of the US captial?')).toContain('Washington')
 *   expect(cassette.calls).toHaveLength(1)
 * })
 */
export function useCassette(name?: string, options?: CassetteOptions): Cassette
export function useCassette(options?: CassetteOptions): Cassette
export function useCassette(first?: string | CassetteOptions, second: CassetteOptions = {}): Cassette {
  const [name, options] = typeof first === 'object' ? [undefined, first] : [first, second]
  checkOptions(options, name === undefined ? 'useCassette()' : `useCassette('${name}')`)
  const stack = callerStack(useCassette)
  const open = (scope: Scope): Session => {
    const own = name ?? ownName(scope)
    return openCassette(scope, own, owner => new Session(own, { ...sessionOptions(options), stack }, owner))
  }
  const scope = currentScope()
  if (scope) return open(scope)
  if (!isInstalled()) throw notSetUp()
  if (settings().running) throw lostScope()
  return coverSuite(open)
}

/**
 * Where this function was called: a miss is shown there, by Vitest and on the pull request. To write it down takes 3 ms,
 * so that is left to who needs it.
 */
function callerStack(called: (...given: never[]) => unknown): () => string {
  const site: { stack?: string } = {}
  Error.captureStackTrace(site, called)
  return () => site.stack?.replace(/^[^\n]*\n/, '') ?? ''
}

/** Opens the cassette in the scope of each test of the suite that is being defined, and in one for its hooks. */
function coverSuite(open: (scope: Scope) => Session): Cassette {
  const opened = new WeakMap<Scope, Session>()
  const openIn = (scope: Scope) => opened.set(scope, open(scope))
  try {
    const file = expect.getState().testPath ?? settings().root
    // oxlint-disable-next-line no-empty-pattern -- Vitest reads which fixtures a hook needs from this pattern
    aroundAll(async (runSuite, {}, suite) => {
      const hooks = new Scope(ownerOfHooks(file, settings().root))
      openIn(hooks)
      await runScope(hooks, runSuite)
      try {
        await endScope(hooks, true)
      } finally {
        setReports(suite.meta, hooks.reports())
      }
    })
    aroundEach(async runTest => {
      const scope = currentScope()
      if (scope) openIn(scope)
      await runTest()
    })
  } catch (error) {
    throw noSuite(error)
  }
  const session = (): Session => {
    const scope = currentScope()
    const found = scope && opened.get(scope)
    if (!found) throw lostScope()
    return found
  }
  return {
    get name() {
      return session().name
    },
    get path() {
      return session().path
    },
    get mode() {
      return session().mode
    },
    get modeReason() {
      return session().modeReason
    },
    get calls() {
      return session().calls
    },
    get unplayed() {
      return session().unplayed
    },
    run: work => session().run(work),
  }
}

function ownName({ owner }: Scope): string {
  const { testPath } = expect.getState()
  return nameOfTest(
    testPath === undefined ? 'script' : path.relative(settings().root, testPath),
    owner.test ?? 'hooks',
  )
}

function notSetUp(): CassetteError {
  return new CassetteError(
    'no-scope',
    'useCassette() has nothing to work with: the interceptor was not set up before the test file.\n' +
      'Add the plugin to vitest.config.ts:\n' +
      "  import { cassettes } from 'vitest-cassette/plugin'\n" +
      '  export default defineConfig({ plugins: [cassettes()] })\n' +
      "or, without the plugin, call setupCassettes() of 'vitest-cassette' in a setup file.",
  )
}

function lostScope(): CassetteError {
  return new CassetteError(
    'no-scope',
    'useCassette() was called where no test is known to run.\n' +
      'Call it in a test, in a beforeEach, in a describe or at the top of a test file; not in a beforeAll.\n' +
      "With `isolate: false` and no plugin, call setupCassettes() in a setup file of your own: the module 'vitest-cassette/setup' " +
      'runs only once a worker.',
  )
}

function noSuite(cause: unknown): CassetteError {
  return new CassetteError(
    'no-scope',
    "useCassette() was called outside of Vitest's tests and suites.\n" +
      "In scripts and in other runners use withCassette() of 'vitest-cassette/node'.",
    { cause },
  )
}
