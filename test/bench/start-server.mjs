import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

/** Starts the provider in a process of its own; it ends with this one. */
export async function startServer(gap = 0) {
  const file = path.join(import.meta.dirname, 'server.mjs')
  const child = spawn(process.execPath, [file, String(gap)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [port] = await once(child.stdout, 'data')
  return `http://127.0.0.1:${String(port).trim()}/v1`
}
