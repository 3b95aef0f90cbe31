import {
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import type { Location } from './locate.ts'

/**
 * Writes a file so that whoever looks, even after a crash, sees the old text or the new one: temporary file beside
 * it, fsync, rename. Node's own `flush` does what a library would; the caller holds the file's lock. A text that is
 * there already is not written again.
 */
export function writeAtomically(file: string, text: string): void {
  const target = realpathOf(file)
  if (target !== undefined && readFileSync(target, 'utf8') === text) return
  const final = target ?? file
  const temporary = `${final}.${process.pid}.tmp`
  try {
    // Of a process that was killed, and had the same number.
    rmSync(temporary, { force: true })
    writeFileSync(temporary, text, { flush: true, flag: 'wx' })
    renameSync(temporary, final)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Temporary files of processes that were killed: the lock is ours, so nobody is writing one now. */
export function removeLeftovers({ path: target, folder }: Location): void {
  const real = realpathOf(target) ?? target
  const place = folder ? real : path.dirname(real)
  if (!existsSync(place)) return
  for (const name of readdirSync(place)) {
    const [, file] = /^(.+\.json)\.\d+\.tmp$/.exec(name) ?? []
    if (file !== undefined && (folder || file === path.basename(real))) rmSync(path.join(place, name))
  }
}

function realpathOf(file: string): string | undefined {
  try {
    return realpathSync(file)
  } catch {
    return undefined
  }
}
