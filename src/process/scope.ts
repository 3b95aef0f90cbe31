import { AsyncLocalStorage } from 'node:async_hooks'
import { installNetwork, type Network } from '../doors/doors.ts'
import { preloadInVmContext } from '../load.ts'
import { refuse } from '../http/refuse.ts'
import type { SessionReport } from '../session/report.ts'
import type { Owner, Session } from '../session/session.ts'

/** The test, or the hooks of a suite, that calls belong to; and the cassettes it has used. */
export class Scope {
  readonly owner: Owner
  private readonly sessions: Session[] = []

  constructor(owner: Owner) {
    this.owner = owner
  }

  /** The cassette that answers now: the one that was opened last. */
  get current(): Session | undefined {
    return this.sessions.at(-1)
  }

  /**
   * @param open is not called where this cassette answers already. It is given here so that a test file which opens none
   * does not load what that takes.
   */
  open(name: string, open: (owner: Owner) => Session): Session {
    if (this.current?.name === name) return this.current
    const session = open(this.owner)
    this.sessions.push(session)
    if (shared.lent) shared.network?.stepBack()
    // Later it would delay the first byte.
    if (session.willSend) shared.network?.prepareToSend()
    return session
  }

  /** What each session has done. */
  reports(): SessionReport[] {
    return this.sessions.map(session => session.report())
  }

  /** Ends every session; what went wrong in them is thrown, as one error where there is one. */
  async close(passed: boolean): Promise<void> {
    const results = await Promise.allSettled(this.sessions.map(session => session.finish(passed)))
    const errors = results.flatMap(result => (result.status === 'rejected' ? [result.reason as unknown] : []))
    if (errors.length > 1)
      throw new AggregateError(errors, errors.map(error => (error as Error).message).join('\n\n'))
    if (errors.length === 1) throw errors[0]
  }
}

/**
 * What one process shares, even where the package was loaded twice (inlined into the test and external to it): two
 * copies would not see each other's scopes.
 */
interface Shared {
  scopes: AsyncLocalStorage<Scope>
  /** The interceptor, while it is in place. */
  network?: Network
  /** Whether a server of the user's may hold our handlers. */
  lent?: boolean
}

const symbol = Symbol.for('vitest-cassette')
const global = globalThis as { [symbol]?: Shared }
const shared = (global[symbol] ??= { scopes: new AsyncLocalStorage() })

/** The scope in whose asynchronous context the caller runs. */
export function currentScope(): Scope | undefined {
  return shared.scopes.getStore()
}

export function runInScope<Result>(scope: Scope, work: () => Result): Result {
  return shared.scopes.run(scope, work)
}

export function isInstalled(): boolean {
  return shared.network !== undefined
}

/** Puts the interceptor in place, unless it is. */
export function install(): void {
  shared.network ??= installNetwork<Scope>({
    current: currentScope,
    claims: (scope, url) => scope.current?.claims(url) ?? false,
    answer: async (scope, received) =>
      (await scope.current?.answer(received)) ??
      refuse(received.request.url, 'The cassette of this call is closed.'),
    refuseHttp2: (scope, url) => scope.current?.refuseHttp2(url),
    isShared: () => shared.lent === true,
  })
}

/**
 * Before the tests' own code runs: where they use MSW themselves, or run in a VM context, the interceptor for sockets is
 * needed now. Of two, the one that came first answers.
 */
export async function prepare(): Promise<void> {
  await preloadInVmContext()
  if ('__MSW_INTERCEPTORS_REGISTRY' in globalThis) shared.network?.openSockets()
}

export function uninstall(): void {
  shared.network?.uninstall()
  delete shared.network
}

/** The interceptor that is in place now, for the handlers of a user's server, which is asked before it from here on. */
export function lendNetwork(): () => Network | undefined {
  shared.lent = true
  return () => shared.network
}
