import type { Scope } from '../session/scope.ts'
import type { Session } from '../session/session.ts'

/** Who makes a call, as far as its async context tells. */
export interface Caller {
  /** The test or the hooks; `undefined` where the context knows none. */
  scope?: Scope
  /** The cassette to which `cassette.run()` has bound the code. Default: the one that the scope opened last. */
  session?: Session
}
