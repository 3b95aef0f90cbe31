import { AsyncLocalStorage } from 'node:async_hooks'
import type { Scope } from './scope.ts'

/**
 * What one process shares, even where the package was loaded twice (inlined into the test and external to it): two
 * copies would not see each other's scopes.
 */
interface Shared {
  scopes: AsyncLocalStorage<Scope | undefined>
  /** Takes the interceptor out again; set while it is in place. */
  uninstall?: () => void
}

const symbol = Symbol.for('vitest-cassette')
const global = globalThis as { [symbol]?: Shared }
export const shared = (global[symbol] ??= { scopes: new AsyncLocalStorage() })

/** The scope in whose asynchronous context the caller runs. */
export function currentScope(): Scope | undefined {
  return shared.scopes.getStore()
}

export function runInScope<Result>(scope: Scope, work: () => Result): Result {
  return shared.scopes.run(scope, work)
}

/**
 * Runs work whose calls belong to no scope. A user's MSW server that listens before ours takes the mark of a bypassed
 * request away, so that it would be answered, and sent, again and again.
 */
export function runOutsideScopes<Result>(work: () => Result): Result {
  return shared.scopes.run(undefined, work)
}
