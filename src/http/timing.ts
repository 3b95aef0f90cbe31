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

/**
 * The parts of a stream as they become due, by the test's own clock, which may be a fake one. As on a network, they
 * come whether or not the app reads: what it has not read by then is there at once when it does.
 */
export class Arrivals {
  private arrived: number
  private waiting: (() => void) | undefined
  private readonly timers: ReturnType<typeof setTimeout>[] = []
  // The clock that set a timer clears it, even if the test has changed clocks meanwhile.
  private readonly clearTimeout = globalThis.clearTimeout

  constructor(delays: readonly number[]) {
    const first = delays.findIndex(delay => delay > 0)
    this.arrived = first === -1 ? delays.length : first
    let due = 0
    for (let index = this.arrived; index < delays.length; index++) {
      due += delays[index] ?? 0
      // Those that come together share a timer.
      if (delays[index + 1] === 0) continue
      this.timers.push(setTimeout(() => this.arrive(index + 1), due))
    }
  }

  /** Resolves once the part is due, or none will come any more; `undefined` where that is so already. */
  until(index: number): Promise<void> | undefined {
    if (index < this.arrived) return undefined
    return new Promise(resolve => {
      this.waiting = () => {
        if (index < this.arrived) resolve()
      }
    })
  }

  /** The app has left. */
  stop(): void {
    for (const timer of this.timers) this.clearTimeout.call(globalThis, timer)
    this.arrive(Infinity)
  }

  private arrive(count: number): void {
    this.arrived = Math.max(this.arrived, count)
    this.waiting?.()
  }
}

/** Milliseconds before each of the parts. */
export function delaysOf(parts: number, recorded: RecordedResponse, timing: Timing): number[] {
  return Array.from({ length: parts }, (_, index) => {
    if (timing === 'instant') return 0
    if (typeof timing === 'object' && 'tokensPerSecond' in timing) return 1000 / timing.tokensPerSecond
    return (recorded.timing?.[index] ?? 0) / (timing === 'recorded' ? 1 : timing.speed)
  })
}
