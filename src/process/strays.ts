import { CassetteError } from '../errors.ts'
import { explainStray } from '../explain/stray.ts'
import type { Received } from '../http/received.ts'
import { refuse } from '../http/refuse.ts'
import type { Caller } from './caller.ts'
import type { Scope } from '../session/scope.ts'
import type { Session } from '../session/session.ts'

/**
 * Calls whose async context knows no test, or one that is over: those of a server that was started before, of a queue
 * that has run since its module was loaded, of a timer.
 */
export class Strays {
  /** The cassette that this test file opened last, whether or not its test is over. */
  lastSession: Session | undefined
  /** What this file's strays failed with that belong to no test. */
  readonly failures: CassetteError[] = []
  private readonly running = new Set<Scope>()

  startFile(): void {
    this.lastSession = undefined
    this.failures.length = 0
    this.running.clear()
  }

  start(scope: Scope): void {
    this.running.add(scope)
  }

  end(scope: Scope): void {
    this.running.delete(scope)
  }

  /** The cassettes that answer now, and the one that was opened last. */
  sessions(): Session[] {
    const open = [...this.running].map(({ isOpen, current }) => (isOpen ? current : undefined))
    return [...new Set([...open, this.lastSession])].filter(session => session !== undefined)
  }

  /** Whether a stray to this URL is one to answer, or to refuse. In a file that uses no cassette it goes its way. */
  cover(url: URL): boolean {
    return this.candidates(url).length > 0 || (this.lastSession?.covers(url) ?? false)
  }

  /** The one cassette to which a stray may belong, if there is one only. */
  only(url: URL): Session | undefined {
    const [first, ...others] = this.candidates(url)
    return others.length === 0 ? first : undefined
  }

  /** Answers a stray from the cassette it belongs to. Where nobody can tell, it fails whoever it may belong to. */
  async answer(received: Received<Caller>): Promise<Response> {
    const candidates = alike(received.caller, this.candidates(new URL(received.request.url)))
    const [only, ...others] = candidates
    if (only && others.length === 0) return only.answer(received)
    const able: Session[] = []
    for (const session of candidates) if (await session.canPlay(received)) able.push(session)
    // Where all of them use the same cassette, it does not matter whose call it is; but it is recorded for nobody.
    const chosen = theSame(able) ?? (able.length === 0 ? theSame(candidates) : undefined)
    if (chosen && (able.length > 0 || chosen.mode !== 'replay'))
      return chosen.answer(received, { isOwned: false })
    return this.refuse(received, candidates)
  }

  /** The cassettes in use that cover the URL: those of tests, or else those of suites' hooks. */
  private candidates(url: URL): Session[] {
    const covering = [...this.running].flatMap(({ isOpen, owner, current }) =>
      isOpen && current?.covers(url) ? [{ kind: owner.kind, session: current }] : [],
    )
    const ofTests = covering.filter(({ kind }) => kind !== 'hooks')
    // Suites are within one another: the innermost one is the last.
    const chosen = ofTests.length > 0 ? ofTests : covering.slice(-1)
    return chosen.map(({ session }) => session)
  }

  private refuse({ request }: Received, candidates: readonly Session[]): Response {
    const tests = candidates.map(({ ownerName }) => ownerName)
    const message = explainStray(request, tests)
    for (const session of candidates) session.fail(new CassetteError('stray', message))
    if (candidates.length === 0) this.failures.push(new CassetteError('stray', message))
    return refuse(request.url, message)
  }
}

/**
 * A queue goes on in the context of the test that it began with. Where that test is over, those that use its cassette are
 * more likely to have made the call than others that happen to run.
 */
function alike({ scope }: Caller, candidates: readonly Session[]): readonly Session[] {
  const last = scope?.current
  const family = candidates.filter(session => last?.sharesCassette(session))
  return family.length > 0 ? family : candidates
}

/** The first of these sessions, where all of them use the same cassette. */
function theSame([first, ...others]: readonly Session[]): Session | undefined {
  return others.every(other => first?.sharesCassette(other)) ? first : undefined
}
