import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'

const here = import.meta.dirname
export const work = path.join(here, '.work')
const patience = 240_000

/** Runs Node in a process of its own; nothing of CI or of a mode reaches it. */
export async function node(args, { cwd = here, environment = {} } = {}) {
  const start = performance.now()
  const { FORCE_COLOR: _, ...env } = process.env
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...env, CI: '', CASSETTE_MODE: '', NO_COLOR: '1', NODE_NO_WARNINGS: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const giveUp = setTimeout(() => child.kill('SIGKILL'), patience)
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  clearTimeout(giveUp)
  return { ms: performance.now() - start, output, errors }
}

/** One measurement; `undefined` where the tool cannot do it. */
export async function measure(name, tool, options = {}) {
  const flags = ['--expose-gc', '--max-old-space-size=8192']
  const { output, errors } = await node([...flags, 'child.mjs', name, tool, JSON.stringify(options)])
  const line = output.split('\n').findLast(found => found.startsWith('@@'))
  if (!line) console.error(`${tool} cannot do ${name}: ${errors.trim().split('\n').slice(-8).join('\n')}`)
  return line ? JSON.parse(line.slice(2)) : undefined
}

/** Records with the tool's own recorder, once: it is kept until `.work` is deleted. */
export async function recorded(tool, name, options = {}) {
  const dir = path.join(work, 'cassettes', tool, name)
  if (!existsSync(dir)) await measure('record', tool, { dir, ...options })
  return dir
}

/**
 * Runs each job `times` times, one after the other, every other round backwards, so that what else the machine does
 * hits all alike.
 *
 * @returns what each of them gave, by name
 */
export async function interleaved(jobs, times) {
  const results = Object.fromEntries(Object.keys(jobs).map(name => [name, []]))
  await addRounds(results, jobs, times)
  return results
}

/** As many more, of some of the jobs: what a goal is about is run more often than what stands beside it. */
export async function addRounds(results, jobs, times, names = Object.keys(jobs)) {
  for (let round = 0; round < times; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) results[name].push(await jobs[name]())
  }
}
