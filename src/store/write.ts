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
 * Writes a file so that every reader sees the old text or the new one, even after a crash: it writes a temporary file
 * beside it, flushes that to the disk, and renames it. The caller holds the file's lock. A file that has this text
 * already is left alone.
 */
export function writeAtomically(file: string, text: string): void {
  const target = realpathOf(file)
  if (target !== undefined && readFileSync(target, 'utf8') === text) return
  const final = target ?? file
  const temporary = `${final}.${process.pid}.tmp`
  try {
    // A process that was killed may have had this number, and left its file.
    rmSync(temporary, { force: true })
    writeFileSync(temporary, text, { flush: true, flag: 'wx' })
    renameSync(temporary, final)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Removes temporary files of processes that were killed. The caller holds the lock, so nobody is writing one now. */
export function removeLeftovers({ path: target, folder }: Location): void {
  const real = realpathOf(target) ?? target
  const parent = folder ? real : path.dirname(real)
  if (!existsSync(parent)) return
  for (const name of readdirSync(parent)) {
    const [, file] = /^(.+\.json)\.\d+\.tmp$/.exec(name) ?? []
    if (file !== undefined && (folder || file === path.basename(real))) rmSync(path.join(parent, name))
  }
}

function realpathOf(file: string): string | undefined {
  try {
    return realpathSync(file)
  } catch {
    return undefined
  }
}
