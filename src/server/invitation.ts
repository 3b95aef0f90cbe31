import type { CassetteOptions } from '../session/options.ts'
import type { ResolvedMode } from '../session/mode.ts'
import { serializeOptions, readOptions } from '../session/serialize-options.ts'

/** What a process or a thread that a test has started is told of the test. */
export interface Invitation {
  /** The address under which its LLM calls are answered. Absent where the test can answer nothing. */
  door?: string | undefined
  /** Where there is no door: the file in which it notes its refused calls, each as a line, absolute. */
  report?: string | undefined
  /** What counts as LLM calls for the cassettes in use, besides the known ones. */
  include: NonNullable<CassetteOptions['include']>
  /** The hosts to which recordings of the cassettes in use went. */
  hosts: readonly string[]
  /** The mode of the cassette in use, where there is one already. */
  mode?: ResolvedMode['mode'] | undefined
}

export function serializeInvitation(invitation: Invitation): string {
  return serializeOptions(invitation)
}

export function readInvitation(text: string): Invitation {
  return readOptions(text) as Invitation
}
