import type { SessionReport } from './report.ts'
import type { Owner, Session } from './session.ts'

/** The test, or the hooks of a suite, that calls belong to; and the cassettes it has used. */
export class Scope {
  readonly owner: Owner
  /** Whether its test, or its hooks, still run. */
  isOpen = true
  private readonly sessions: Session[] = []

  constructor(owner: Owner) {
    this.owner = owner
  }

  /** The cassette that answers now: the one that was opened last. */
  get current(): Session | undefined {
    return this.sessions.at(-1)
  }

  add(session: Session): void {
    this.sessions.push(session)
  }

  /** What each session has done. */
  reports(): SessionReport[] {
    return this.sessions.map(session => session.report())
  }

  /** Ends every session; what went wrong in them is thrown, as one error where there is one. */
  async close(passed: boolean): Promise<void> {
    this.isOpen = false
    const results = await Promise.allSettled(this.sessions.map(session => session.finish(passed)))
    const errors = results.flatMap(result => (result.status === 'rejected' ? [result.reason as unknown] : []))
    if (errors.length > 1)
      throw new AggregateError(errors, errors.map(error => (error as Error).message).join('\n\n'))
    if (errors.length === 1) throw errors[0]
  }
}
