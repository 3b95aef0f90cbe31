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

/**
 * Writes a file so that whoever looks, even after a crash, sees the old text or the new one: temporary file beside
 * it, fsync, rename. Node's own `flush` does what a library would; the caller holds the file's lock. A text that is
 * there already is not written again.
 */
export function writeAtomically(file: string, text: string): void {
  const target = realpathOf(file)
  if (target !== undefined && readFileSync(target, 'utf8') === text) return
  const final = target ?? file
  removeLeftovers(final)
  const temporary = `${final}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, text, { flush: true, flag: 'wx' })
    renameSync(temporary, final)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Temporary files of processes that were killed: the lock is ours, so nobody is writing one now. */
export function removeLeftovers(file: string): void {
  const [folder, name] = [path.dirname(file), path.basename(file)]
  if (!existsSync(folder)) return
  for (const other of readdirSync(folder))
    if (other.startsWith(`${name}.`) && /^\d+\.tmp$/.test(other.slice(name.length + 1)))
      rmSync(path.join(folder, other))
}

function realpathOf(file: string): string | undefined {
  try {
    return realpathSync(file)
  } catch {
    return undefined
  }
}
