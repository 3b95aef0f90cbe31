import type { ChildProcess } from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import { beforeBuiltin } from '../doors/before-builtin.ts'
import { withInvitation, type Inviter } from './inviter.ts'
import { replaceExport } from '../doors/replace-export.ts'
import { inviteThreads } from './threads.ts'

type ChildProcessModule = typeof import('node:child_process')

/**
 * Hands an invitation, and the file that acts upon it, to every Node process and every worker thread that is started
 * from here on.
 *
 * The file comes with `--require`: `--import` is not run in a worker thread whose code is a string (`eval: true`).
 *
 * @returns stops doing so
 */
export function inviteChildren(inviter: Inviter): () => void {
  const undo: (() => void)[] = []
  let isLater = false
  const keep = (...more: (() => void)[]): void => {
    undo.push(...more)
    if (isLater) syncBuiltinESMExports()
  }
  const stopWaiting = [
    beforeBuiltin('child_process', childProcess => {
      const waited = waiting.map(name => inviteWaitedFor(childProcess, name, inviter))
      keep(inviteProcesses(childProcess, inviter), ...waited)
    }),
    beforeBuiltin('worker_threads', workerThreads => keep(inviteThreads(workerThreads, inviter))),
  ]
  // Once for all that is loaded already: it takes up to half a millisecond.
  if (undo.length > 0) syncBuiltinESMExports()
  isLater = true
  return () => {
    for (const stop of stopWaiting.toReversed()) stop()
    for (const restore of undo.toReversed()) restore()
    syncBuiltinESMExports()
  }
}

/** What Node makes of the arguments of `spawn`, `fork`, `exec` and `execFile`. */
interface SpawnOptions {
  file: string
  args?: string[]
  /** `NAME=value` each. */
  envPairs?: string[]
}
interface Spawns {
  spawn: (this: ChildProcess, options: SpawnOptions) => unknown
}

function inviteProcesses(childProcess: ChildProcessModule, inviter: Inviter): () => void {
  const prototype = childProcess.ChildProcess.prototype as unknown as Spawns
  const { spawn } = prototype
  const inviting: Spawns['spawn'] = function (options) {
    const { file, args = [], envPairs = [] } = options
    const environment = Object.fromEntries(envPairs.map(splitAtEquals))
    const invitation = inviter.invite({ file, args, environment })
    if (invitation !== undefined)
      options.envPairs = pairsOf(withInvitation(environment, { invitation, preload: inviter.preload }))
    return spawn.call(this, options)
  }
  prototype.spawn = inviting
  return () => {
    if (prototype.spawn === inviting) prototype.spawn = spawn
  }
}

const waiting = ['spawnSync', 'execFileSync', 'execSync'] as const

function inviteWaitedFor(
  childProcess: ChildProcessModule,
  name: (typeof waiting)[number],
  inviter: Inviter,
): () => void {
  const apply = (target: (...given: unknown[]) => unknown, self: unknown, given: unknown[]): unknown => {
    const [first, second] = given
    // The arguments of the program may be left out.
    const at = name === 'execSync' || isOptions(second) ? 1 : 2
    const options = given[at] as { env?: NodeJS.ProcessEnv; shell?: boolean | string } | undefined
    const environment = options?.env ?? process.env
    const words = [String(first), ...(Array.isArray(second) ? second.map(String) : [])]
    const args = name === 'execSync' || options?.shell ? ['sh', '-c', words.join(' ')] : words
    return inviter.inviteAndWait({ file: args[0]!, args, environment }, invitation => {
      if (invitation === undefined) return Reflect.apply(target, self, given)
      const changed = [...given]
      changed[at] = { ...options, env: withInvitation(environment, { invitation, preload: inviter.preload }) }
      return Reflect.apply(target, self, changed)
    })
  }
  return replaceExport(childProcess, name, original => new Proxy(original, { apply: apply as never }))
}

function isOptions(second: unknown): boolean {
  return typeof second === 'object' && second !== null && !Array.isArray(second)
}

function splitAtEquals(pair: string): [name: string, value: string] {
  // On Windows there are variables whose names begin with one.
  const at = pair.indexOf('=', 1)
  return [pair.slice(0, at), pair.slice(at + 1)]
}

function pairsOf(environment: Record<string, string | undefined>): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  )
}
