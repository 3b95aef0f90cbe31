import { existsSync, mkdirSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { CassetteError } from '../errors.ts'

// The test may have replaced the clock (`vi.useFakeTimers()`), on which it depends whether a lock looks stale.
const real = { Date, setTimeout }

/** A lock whose owner did not touch it for so long, in ms, is taken over: its process is dead. */
const stale = 5_000
/** How long to wait for other processes, in ms. */
const patience = 60_000

/** Whether somebody writes this file now, or was killed while writing. */
export function isLocked(file: string): boolean {
  return existsSync(`${file}.lock`)
}

/**
 * Runs `change` while no other process or worker changes the same file.
 *
 * @param change is synchronous, so that nothing else of this process runs in between; what takes long calls
 * `stillThere` between its steps, lest the lock looks stale
 */
export async function whileLocked(file: string, change: (stillThere: () => void) => void): Promise<void> {
  const { lockSync } = (await import('proper-lockfile')).default
  const giveUp = real.Date.now() + patience
  for (;;) {
    const done = withRealClock(() => {
      const release = acquire(lockSync, file)
      if (!release) return false
      try {
        change(() => touch(`${file}.lock`))
      } finally {
        release()
      }
      return true
    })
    if (done) return
    if (real.Date.now() > giveUp)
      throw new CassetteError(
        'not-writable',
        `Cannot write the cassette ${file}: another process holds ${file}.lock.`,
        { file },
      )
    await new Promise(resolve => real.setTimeout(resolve, 5 + Math.random() * 20))
  }
}

function touch(lock: string): void {
  const now = new real.Date()
  utimesSync(lock, now, now)
}

function acquire(
  lockSync: typeof import('proper-lockfile').lockSync,
  file: string,
): (() => void) | undefined {
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    return lockSync(file, { realpath: false, stale })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ELOCKED') return undefined
    throw error
  }
}

/** Nothing asynchronous happens inside, so no code of the test sees the other clock. */
function withRealClock<Result>(work: () => Result): Result {
  const replaced = { Date: globalThis.Date, setTimeout: globalThis.setTimeout }
  Object.assign(globalThis, real)
  try {
    return work()
  } finally {
    Object.assign(globalThis, replaced)
  }
}
