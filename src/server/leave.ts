const symbol = Symbol.for('vitest-cassette.leave')
/** All VM contexts of a thread share it. */
const shared = process as { [symbol]?: (() => void) | undefined }

/** Says how this process, or this thread, no longer asks the test that has started it. */
export function whenLeaving(leave: () => void): void {
  shared[symbol] = leave
}

/** Leaves the test that has started this process, should there be one: it has cassettes of its own. */
export function leaveTest(): void {
  shared[symbol]?.()
  shared[symbol] = undefined
}
