import { spawn } from 'node:child_process'
import type { Context, Report } from './report.ts'

/** `record`: runs Vitest with `CASSETTE_MODE=record`. Its exit code is Vitest's. */
export async function record({ root }: Context, args: string[], { json = false }): Promise<Report> {
  const child = spawn('npx', ['vitest', 'run', ...args], {
    cwd: root,
    env: { ...process.env, CASSETTE_MODE: 'record' },
    // What Vitest prints is no JSON, so it goes to stderr where JSON was asked for.
    stdio: ['inherit', json ? 2 : 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve(code ?? 1))
  })
  return { data: { args, exitCode }, text: '', exitCode }
}
