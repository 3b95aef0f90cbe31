import type { Worker, WorkerOptions } from 'node:worker_threads'
import { invitationName, type Inviter } from './inviter.ts'
import { replaceExport } from '../doors/replace-export.ts'

type WorkerThreads = typeof import('node:worker_threads')
type Given = [file: string | URL, options?: WorkerOptions]

/**
 * Invites the worker threads that are started from here on. Their environment, their data and their standard streams stay
 * as they are given.
 *
 * @returns stops doing so
 */
export function inviteThreads(workerThreads: WorkerThreads, inviter: Inviter): () => void {
  const construct = (target: typeof Worker, [file, options]: Given, called: typeof Worker): Worker => {
    const invitation = inviter.invite()
    const start = (...given: Given): Worker => Reflect.construct(target, given, called) as Worker
    if (invitation === undefined) return start(file, options)
    return withEnvironmentData(workerThreads, invitation, () =>
      withPreload(options, inviter.preload, changed => start(file, changed)),
    )
  }
  return replaceExport(workerThreads, 'Worker', original => new Proxy(original, { construct }))
}

/** Threads get a copy of the data that is there when they start. */
function withEnvironmentData<Result>(
  { getEnvironmentData, setEnvironmentData }: WorkerThreads,
  invitation: string,
  start: () => Result,
): Result {
  const before = getEnvironmentData(invitationName)
  setEnvironmentData(invitationName, invitation)
  try {
    return start()
  } finally {
    setEnvironmentData(invitationName, before)
  }
}

/**
 * Options of Node that a thread would inherit have to be given along with the new one, but for those that only a whole
 * process has: Node refuses them where they are given.
 */
function withPreload<Result>(
  options: WorkerOptions | undefined,
  preload: string,
  start: (options: WorkerOptions) => Result,
): Result {
  const startWith = (execArgv: readonly string[]): Result =>
    start({ ...options, execArgv: [...execArgv, '--require', preload] })
  if (options?.execArgv) return startWith(options.execArgv)
  try {
    return startWith(process.execArgv)
  } catch (error) {
    const refused = refusedOptions(error)
    if (refused.length === 0) throw error
    return startWith(process.execArgv.filter(option => !refused.includes(option)))
  }
}

/** `Initiated Worker with invalid execArgv flags: --expose-gc, --max-old-space-size=100` */
function refusedOptions(error: unknown): readonly string[] {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ERR_WORKER_INVALID_EXEC_ARGV' ? message.replace(/^[^:]*: /, '').split(', ') : []
}
