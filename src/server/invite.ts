import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { CassetteError } from '../errors.ts'
import { explainWaiting } from '../explain/waiting.ts'
import { isVmContext } from '../load.ts'
import {
  currentCaller,
  fileOptions,
  listenToFiles,
  makeAnswerer,
  nobody,
  openSessionOf,
  runAs,
  strays,
  uncovered,
} from '../process/calls.ts'
import type { Caller } from '../process/caller.ts'
import { inviteChildren } from '../process/children.ts'
import { foreignProgramWithKey } from '../process/foreign-program.ts'
import type { Inviter, Program } from '../process/inviter.ts'
import type { Session } from '../session/session.ts'
import { Door } from './door.ts'
import { serializeInvitation, type Invitation } from './invitation.ts'

/** What one process shares, even where the package was loaded twice. */
interface Shared {
  door: Door<Caller>
  /** Whether tests may open a cassette at any time: what starts without one may be asked for by a later test. */
  isExpected: boolean
  stop?: (() => void) | undefined
}

const symbol = Symbol.for('vitest-cassette.children')
const shared = ((globalThis as { [symbol]?: Shared })[symbol] ??= makeShared())

function makeShared(): Shared {
  const made: Shared = { door: makeDoor(), isExpected: false }
  listenToFiles({
    // The tests of the file before are over: what they have started is nobody's.
    start: () => made.door.handAllTo(nobody),
    end() {
      // All VM contexts share Node's modules, and each puts its own functions there.
      if (!isVmContext()) return
      made.stop?.()
      made.stop = undefined
      made.door.close()
    },
  })
  return made
}

function makeDoor(): Door<Caller> {
  const answerer = makeAnswerer()
  return new Door({
    ...answerer,
    covers: (caller, url) => answerer.covers(caller, url) || isLate(caller, url),
    answer: received => runAs(received.caller, () => answerer.answer(received)),
  })
}

/** Whether a call would be answered if the test, or the script's function, were not over: it is refused. */
function isLate({ scope, session = scope?.current }: Caller, url: URL): boolean {
  return scope?.isOpen === false && session !== undefined && session.covers(url)
}

/**
 * Lets the processes and threads that are started from here on ask this process for the answers to their LLM calls: those
 * that a script starts while it has a cassette.
 */
export function openToChildren(): void {
  shared.stop ??= inviteChildren(inviter)
}

/**
 * Does so for all that tests, and the code that they import, start from here on. A file that does not import `useCassette`
 * pays nothing.
 */
export function expectCassettes(): void {
  shared.isExpected = true
  openToChildren()
}

const inviter: Inviter = {
  preload: fileURLToPath(new URL('../join.cjs', import.meta.url)),
  invite(program) {
    const caller = currentCaller()
    if (!shared.isExpected && !caller.scope?.isOpen) return undefined
    const session = sessionOf(caller)
    if (session && program) noteForeign(caller, program)
    return serializeInvitation({
      ...coverage(),
      mode: session?.expectedMode,
      door: shared.door.urlFor(caller),
    })
  },
  inviteAndWait(program, start) {
    const caller = currentCaller()
    const session = sessionOf(caller)
    if (session) noteForeign(caller, program)
    return session && session.expectedMode !== 'live' ? startAndWait(session, start) : start()
  },
}

/** The cassette that answers for a caller; for one that belongs to no test, or whose test is over, the one of the file. */
function sessionOf(caller: Caller): Session | undefined {
  return openSessionOf(caller) ?? (caller.scope?.isOpen ? undefined : strays.lastSession)
}

function coverage(): Pick<Invitation, 'include' | 'hosts'> {
  const all = strays.sessions().map(session => session.coverage)
  return {
    include: [...(fileOptions().include ?? []), ...all.flatMap(({ include }) => include)],
    hosts: [...new Set(all.flatMap(({ hosts }) => hosts))],
  }
}

/** Nobody can answer the process while it runs. What it has asked is known afterwards. */
function startAndWait<Result>(session: Session, start: (invitation: string) => Result): Result {
  const report = path.join(tmpdir(), `vitest-cassette-${randomUUID()}`)
  try {
    return start(serializeInvitation({ ...coverage(), mode: session.expectedMode, report }))
  } finally {
    if (existsSync(report)) {
      const refused = readFileSync(report, 'utf8').trimEnd().split('\n')
      rmSync(report)
      session.fail(new CassetteError('miss', explainWaiting(refused), { file: session.path }))
    }
  }
}

/** What speaks another language makes its calls unseen. */
function noteForeign({ scope }: Caller, program: Program): void {
  const name = foreignProgramWithKey(program)
  if (name !== undefined) uncovered.note({ host: name, test: scope?.owner.test, kind: 'process' })
}
