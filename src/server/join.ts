import { appendFileSync } from 'node:fs'
import { Doors } from '../doors/doors.ts'
import { CassetteError } from '../errors.ts'
import { explainHttp2 } from '../explain/http2.ts'
import { targetLine } from '../explain/request-line.ts'
import { explainWaiting } from '../explain/waiting.ts'
import { refusePlaceholder } from '../http/placeholder.ts'
import type { Received } from '../http/received.ts'
import { refuse } from '../http/refuse.ts'
import { connectionError, sendUpstream } from '../http/upstream.ts'
import { inviteChildren } from '../process/children.ts'
import { isThisMachine } from '../process/uncovered.ts'
import { isLlmCall } from '../session/coverage.ts'
import { askDoor, tellDoor } from './ask-door.ts'
import { readInvitation, type Invitation } from './invitation.ts'
import { whenLeaving } from './leave.ts'
import { readError } from './protocol.ts'

/**
 * Lets the test that has started this process, or this thread, answer its LLM calls, and those of what it starts itself.
 *
 * @param text the invitation
 * @param preload the file that does this, absolute
 */
export function join(text: string, preload: string): void {
  const guest = new Guest(readInvitation(text))
  const doors = new Doors<Guest>({
    current: () => guest,
    covers: (_, url) => guest.covers(url),
    replaysHost: (_, host) => guest.replays && guest.covers(host),
    answer: received => guest.answer(received),
    refuseHttp2: (_, url) => guest.refuseHttp2(url),
    refuse: (_, request) => refusePlaceholder(request, withoutCassette),
    notePassed: (_, url) => guest.notePassed(url),
  })
  doors.open()
  const stopInviting = inviteChildren({
    preload,
    invite: () => text,
    inviteAndWait: (_, start) => start(text),
  })
  whenLeaving(() => {
    stopInviting()
    doors.close()
  })
}

/** This process, or this thread, as what a test has started. */
class Guest {
  private readonly invitation: Invitation

  constructor(invitation: Invitation) {
    this.invitation = invitation
  }

  get replays(): boolean {
    return this.invitation.mode === 'replay'
  }

  /** Whether the test is asked. What it excludes, it says then. */
  covers(url: URL): boolean {
    const { hosts, include, door } = this.invitation
    if (door !== undefined && url.href.startsWith(door)) return false
    return hosts.includes(url.host) || isLlmCall(url, { include })
  }

  /** Never rejects: a handler that throws would be a 500 to the app, which SDKs try again for seconds. */
  async answer(received: Received): Promise<Response> {
    const { door } = this.invitation
    const { request, signal } = received
    if (door === undefined) return this.refuse(request)
    try {
      await received.readBody()
      return await this.ask(door, received)
    } catch (error) {
      return signal.aborted ? connectionError(error) : refuse(request.url, explainNobodyThere(request, error))
    }
  }

  refuseHttp2(url: URL): Error | undefined {
    const { door, mode } = this.invitation
    if (!this.covers(url) || mode === 'live') return undefined
    if (door === undefined) this.report({ method: 'HTTP/2', url: url.href })
    else tellDoor(door, 'http2', url)
    return new CassetteError('http2', explainHttp2(url))
  }

  notePassed(url: URL): void {
    const { door } = this.invitation
    if (door !== undefined && this.replays && !isThisMachine(url.hostname)) tellDoor(door, 'passed', url)
  }

  private async ask(door: string, received: Received): Promise<Response> {
    const { request, body, signal } = received
    const { method, headers } = request
    const reply = await askDoor(door, { method, url: new URL(request.url), headers, body, signal })
    if (reply.outcome === 'failed') return connectionError(readError(reply.headers))
    return reply.outcome === 'not-covered' ? this.pass(received) : reply.response
  }

  /** The test has no cassette, or excludes this. */
  private async pass({ request, body, signal }: Received): Promise<Response> {
    const refused = refusePlaceholder(request, withoutCassette)
    if (refused) return refused
    try {
      return await sendUpstream(request, body, signal)
    } catch (error) {
      return connectionError(error)
    }
  }

  private refuse(request: Request): Response {
    this.report(request)
    return refuse(request.url, explainWaiting([targetLine(request)]))
  }

  private report(request: { method: string; url: string }): void {
    const { report } = this.invitation
    if (report !== undefined) appendFileSync(report, `${targetLine(request)}\n`)
  }
}

const withoutCassette = 'The test that started this process uses no cassette.'

function explainNobodyThere(request: Request, reason: unknown): string {
  return [
    'An LLM call was refused: the test that started this process is to answer it, and does not.',
    '',
    `  request   ${targetLine(request)}`,
    `  reason    ${reason instanceof Error ? reason.message : String(reason)}`,
    '',
    'Wait in the test for the end of this process, or stop it before the test ends.',
  ].join('\n')
}
