import { AsyncLocalStorage } from 'node:async_hooks'
import type { Answerer } from '../doors/answerer.ts'
import { Doors } from '../doors/doors.ts'
import { refusePlaceholder } from '../http/placeholder.ts'
import type { Received } from '../http/received.ts'
import { isVmContext, preloadInVmContext } from '../load.ts'
import { isLlmUrl } from '../providers.ts'
import type { CassetteOptions } from '../session/options.ts'
import type { Scope } from '../session/scope.ts'
import type { Owner, Session } from '../session/session.ts'
import type { Caller } from './caller.ts'
import { preparePlaceholderCredentials } from './environment.ts'
import { Strays } from './strays.ts'
import { isThisMachine, Uncovered } from './uncovered.ts'

/**
 * What one process shares, even where the package was loaded twice (inlined into the test and external to it): two
 * copies would not see each other's scopes.
 */
interface Shared {
  callers: AsyncLocalStorage<Caller>
  strays: Strays
  uncovered: Uncovered
  doors: Doors<Caller>
  file: {
    /** What the plugin, or the setup file, says of all cassettes. */
    options: CassetteOptions
    listeners: FileListener[]
  }
}

/** What takes part in the beginning and the end of each test file, once it is loaded. */
export interface FileListener {
  /** Called before the doors of this process open. */
  start(): void
  end(): void
}

const symbol = Symbol.for('vitest-cassette')
const { callers, strays, uncovered, doors, file } = ((globalThis as { [symbol]?: Shared })[symbol] ??=
  makeShared())

export { strays, uncovered }

function makeShared(): Shared {
  return {
    callers: new AsyncLocalStorage(),
    strays: new Strays(),
    uncovered: new Uncovered(),
    doors: new Doors(makeAnswerer()),
    file: { options: {}, listeners: [] },
  }
}

/** Who answers the calls of this process, whichever way they come in. */
export function makeAnswerer(): Answerer<Caller> {
  return {
    current: currentCaller,
    covers: isCovered,
    answer: answerCall,
    refuseHttp2: (caller, url) => (openSessionOf(caller) ?? strays.only(url))?.refuseHttp2(url),
    replaysHost: (caller, host) => {
      const session = openSessionOf(caller) ?? strays.only(host)
      return session !== undefined && session.mode === 'replay' && session.covers(host)
    },
    refuse: refuseUncovered,
    notePassed: noteUncovered,
  }
}

/** The caller that code has whose async context knows no test. */
export const nobody: Caller = {}

/** Who makes the calls of this async context. */
export function currentCaller(): Caller {
  return callers.getStore() ?? nobody
}

/** Runs code in the async context of a caller. */
export function runAs<Result>(caller: Caller, work: () => Result): Result {
  return callers.run(caller, work)
}

/** The scope in whose async context the caller runs. */
export function currentScope(): Scope | undefined {
  return currentCaller().scope
}

/** Runs the work of a scope. What is called meanwhile without a context may belong to it. */
export function runScope<Result>(scope: Scope, work: () => Promise<Result>): Promise<Result> {
  strays.start(scope)
  return callers.run({ scope }, work)
}

/** Ends a scope, and with it its cassettes; what went wrong in them is thrown. */
export async function endScope(scope: Scope, passed: boolean): Promise<void> {
  try {
    await scope.close(passed)
  } finally {
    strays.end(scope)
  }
}

/**
 * Opens a cassette in a scope, unless it is the one that answers already.
 *
 * @param make is given here so that a test file which opens no cassette does not load what that takes
 */
export function openCassette(scope: Scope, name: string, make: (owner: Owner) => Session): Session {
  if (scope.current?.name === name) return scope.current
  const session = make(scope.owner)
  session.run = work => callers.run({ scope, session }, work)
  scope.add(session)
  if (scope.owner.kind !== 'script') strays.lastSession = session
  preparePlaceholderCredentials(process.env, session.expectedMode === 'replay')
  doors.stepBack()
  if (session.willSend) doors.prepareToSend()
  return session
}

/** The cassette of a caller whose scope is not over. */
export function openSessionOf({ scope, session = scope?.current }: Caller): Session | undefined {
  return scope?.isOpen ? session : undefined
}

/** A call of a test that has no cassette goes its way. One that knows no test, or whose test is over, is a stray. */
function isCovered(caller: Caller, url: URL): boolean {
  const session = openSessionOf(caller)
  if (session) return session.covers(url)
  return caller.scope?.isOpen ? false : strays.cover(url)
}

/** Answers a call from the cassette of its caller. */
export async function answerCall(received: Received<Caller>): Promise<Response> {
  const session = openSessionOf(received.caller)
  return session ? session.answer(received) : strays.answer(received)
}

/** A request that no cassette covers goes its way, unless it carries a placeholder. */
function refuseUncovered({ scope }: Caller, request: Request): Response | undefined {
  if (!isLlmUrl(new URL(request.url))) return undefined
  const test = scope?.owner.test
  const maker =
    test === undefined ? 'No test with a cassette makes this call.' : `The test '${test}' uses no cassette.`
  return refusePlaceholder(request, maker)
}

/** An LLM call of a test without a cassette, or, while a test replays, a request to a host that nobody knows. */
function noteUncovered(caller: Caller, url: URL): void {
  const test = caller.scope?.owner.test
  const session = openSessionOf(caller)
  if (session?.mode === 'live' || session?.excludes(url)) return
  if (isLlmUrl(url)) uncovered.note({ host: url.host, test, kind: 'llm' })
  else if (session?.mode === 'replay' && !isThisMachine(url.hostname))
    uncovered.note({ host: url.host, test, kind: 'unknown' })
}

/** Lets a listener take part from the next test file on. */
export function listenToFiles(listener: FileListener): void {
  file.listeners.push(listener)
}

/** What the plugin, or the setup file, says of all cassettes; in scripts nothing does. */
export function fileOptions(): CassetteOptions {
  return file.options
}

export function isInstalled(): boolean {
  return doors.isOpen
}

/** Puts the doors in place, unless they are. */
export function install(): void {
  doors.open()
}

/** Before a test file: what was there for the file before it in this process is put in place anew. */
export function startFile(options: CassetteOptions): void {
  file.options = options
  for (const listener of file.listeners) listener.start()
  doors.close()
  doors.open()
  strays.startFile()
  uncovered.clear()
}

/**
 * Before the tests' own code runs: where they use MSW themselves, or run in a VM context, the interceptor for sockets is
 * needed now. Of two, the one that came first answers.
 */
export async function prepare(): Promise<void> {
  await preloadInVmContext()
  if ('__MSW_INTERCEPTORS_REGISTRY' in globalThis) doors.openSockets()
}

/**
 * After a test file. The doors stay, so that nothing that goes on in its process calls a provider unseen; but for a VM
 * context, since the next file puts interceptors of its own into the sockets that all contexts share.
 */
export function endFile(): void {
  for (const listener of file.listeners) listener.end()
  if (isVmContext()) doors.close()
}

/** The handler that answers the calls of this process, for a server of the user's. */
export function lendHandler(): ReturnType<typeof doors.lendHandler> {
  return doors.lendHandler()
}
