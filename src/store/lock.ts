import { existsSync, mkdirSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { CassetteError } from '../errors.ts'

// A test may replace the clock (`vi.useFakeTimers()`), but the age of a lock is told by the real one.
const real = { Date, setTimeout }

/** In ms. The owner of a lock that was not touched for so long is taken for dead, and its lock is taken over. */
const stale = 5_000
/** How long a process waits for others, in ms. */
const patience = 60_000

/** Whether a process writes this file now, or was killed while it did. */
export function isLocked(file: string): boolean {
  return existsSync(`${file}.lock`)
}

/**
 * Runs `change` while no other process or worker changes this file.
 *
 * @param change is synchronous, so that nothing else of this process runs in between. It calls `stillThere` between
 * steps that take long, so that the lock does not look stale.
 * @throws {CassetteError} `not-writable` where another process holds the lock for a minute
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

/** The work is synchronous, so no code of the test runs while the clock is the real one. */
function withRealClock<Result>(work: () => Result): Result {
  const replaced = { Date: globalThis.Date, setTimeout: globalThis.setTimeout }
  Object.assign(globalThis, real)
  try {
    return work()
  } finally {
    Object.assign(globalThis, replaced)
  }
}
