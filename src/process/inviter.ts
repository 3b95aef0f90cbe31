/** A program that is about to be started as a process. */
export interface Program {
  file: string
  /** Begin with the name by which the program is called. */
  args: readonly string[]
  environment: Readonly<Record<string, string | undefined>>
}

/** Decides what the processes and threads that this one starts are told. */
export interface Inviter {
  /** The file that they load before their own code, absolute. */
  preload: string
  /** The invitation for one that starts now; `undefined` leaves it alone. A thread has no program. */
  invite(program?: Program): string | undefined
  /** Starts a process whose end this thread waits for: it answers nothing meanwhile. */
  inviteAndWait<Result>(program: Program, start: (invitation?: string) => Result): Result
}

/** The environment variable in which a process finds its invitation, and the name under which a thread does. */
export const invitationName = 'VITEST_CASSETTE_INVITATION'

/** The variables for a process, with its invitation among them, and with the file that acts upon it. */
export function withInvitation(
  environment: Program['environment'],
  { invitation, preload }: { invitation: string; preload: string },
): Record<string, string | undefined> {
  const name = Object.keys(environment).find(isNodeOptions) ?? 'NODE_OPTIONS'
  const option = `--require ${quote(preload)}`
  const given = environment[name] ?? ''
  const options = given.includes(option) ? given : `${given} ${option}`.trimStart()
  return { ...environment, [name]: options, [invitationName]: invitation }
}

/** Windows does not tell `Node_Options` from `NODE_OPTIONS`. */
function isNodeOptions(name: string): boolean {
  return (process.platform === 'win32' ? name.toUpperCase() : name) === 'NODE_OPTIONS'
}

/** Node takes its options apart at spaces. */
function quote(file: string): string {
  return /[\s"\\]/.test(file) ? `"${file.replace(/["\\]/g, '\\$&')}"` : file
}
