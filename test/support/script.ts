import { spawn } from 'node:child_process'
import { json } from 'node:stream/consumers'

/** Timers that a script sets are due after a hundredth of their time; must be there before anything is loaded. */
const hurriedClock = `
  const { setTimeout } = globalThis
  globalThis.setTimeout = (work, ms = 0, ...rest) => setTimeout(work, ms / 100, ...rest)
`

/**
 * Runs a script in a process of its own, whose `fetch` nobody has touched yet; resolves with the JSON that it prints.
 *
 * @param hurried whether the script's own timers run a hundred times as fast. Those of Node itself do not
 */
export function runScript(
  script: string,
  { args = [], hurried = false }: { args?: string[]; hurried?: boolean } = {},
): Promise<unknown> {
  const clock = hurried ? [`--import=data:text/javascript,${encodeURIComponent(hurriedClock)}`] : []
  const child = spawn(process.execPath, [...clock, '--input-type=module', '-e', script, ...args], {
    env: { ...process.env, CI: '', CASSETTE_MODE: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return json(child.stdout)
}
