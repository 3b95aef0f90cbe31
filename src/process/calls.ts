import { AsyncLocalStorage } from 'node:async_hooks'
import { Doors } from '../doors/doors.ts'
import { refuse } from '../http/refuse.ts'
import { preloadInVmContext } from '../load.ts'
import type { Scope } from '../session/scope.ts'
import type { Owner, Session } from '../session/session.ts'
import { preparePlaceholderCredentials } from './environment.ts'

/**
 * What one process shares, even where the package was loaded twice (inlined into the test and external to it): two
 * copies would not see each other's scopes.
 */
interface Shared {
  scopes: AsyncLocalStorage<Scope>
  doors: Doors<Scope>
}

const symbol = Symbol.for('vitest-cassette')
const { scopes, doors } = ((globalThis as { [symbol]?: Shared })[symbol] ??= makeShared())

function makeShared(): Shared {
  const storage = new AsyncLocalStorage<Scope>()
  const made = new Doors<Scope>({
    current: () => storage.getStore(),
    covers: (scope, url) => scope.current?.covers(url) ?? false,
    answer: async received =>
      (await received.caller.current?.answer(received)) ??
      refuse(received.request.url, 'The cassette of this call is closed.'),
    refuseHttp2: (scope, url) => scope.current?.refuseHttp2(url),
  })
  return { scopes: storage, doors: made }
}

/** The scope in whose asynchronous context the caller runs. */
export function currentScope(): Scope | undefined {
  return scopes.getStore()
}

export function runInScope<Result>(scope: Scope, work: () => Result): Result {
  return scopes.run(scope, work)
}

/**
 * Opens a cassette in a scope, unless it is the one that answers already.
 *
 * @param make is given here so that a test file which opens no cassette does not load what that takes
 */
export function openCassette(scope: Scope, name: string, make: (owner: Owner) => Session): Session {
  if (scope.current?.name === name) return scope.current
  const session = make(scope.owner)
  scope.add(session)
  preparePlaceholderCredentials(process.env, session.expectedMode === 'replay')
  doors.stepBack()
  if (session.willSend) doors.prepareToSend()
  return session
}

export function isInstalled(): boolean {
  return doors.isOpen
}

/** Puts the doors in place, unless they are. */
export function install(): void {
  doors.open()
}

/**
 * Before the tests' own code runs: where they use MSW themselves, or run in a VM context, the interceptor for sockets is
 * needed now. Of two, the one that came first answers.
 */
export async function prepare(): Promise<void> {
  await preloadInVmContext()
  if ('__MSW_INTERCEPTORS_REGISTRY' in globalThis) doors.openSockets()
}

export function uninstall(): void {
  doors.close()
}

/** The handler that answers the calls of this process, for a server of the user's. */
export function lendHandler(): ReturnType<typeof doors.lendHandler> {
  return doors.lendHandler()
}
