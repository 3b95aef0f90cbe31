import type { RecordedResponse } from '../cassette/schema.ts'

/**
 * When the events of a replayed stream come:
 *
 * - `'instant'` (default): as fast as the app reads them
 * - `'recorded'`: as they came when they were recorded
 * - `{ speed: 4 }`: four times as fast as recorded
 * - `{ tokensPerSecond: 50 }`: evenly, one event counted as one token
 */
export type Timing = 'instant' | 'recorded' | { speed: number } | { tokensPerSecond: number }

/** The delay before the part at `index`, in ms. */
export function delayBefore(index: number, recorded: RecordedResponse, timing: Timing): number {
  if (timing === 'instant') return 0
  if (typeof timing === 'object' && 'tokensPerSecond' in timing) return 1000 / timing.tokensPerSecond
  const speed = timing === 'recorded' ? 1 : timing.speed
  return (recorded.timing?.[index] ?? 0) / speed
}

/** Waits on the test's own clock, which may be a fake one; ends early when the signal aborts. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
