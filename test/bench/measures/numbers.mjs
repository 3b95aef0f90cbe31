export function median(values) {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Milliseconds of each of `count` runs, one after the other. */
export async function timesOf(count, work) {
  const times = []
  for (let index = 0; index < count; index++) {
    const start = performance.now()
    await work(index)
    times.push(performance.now() - start)
  }
  return times
}

/** Memory of the process in MB. */
export function memory() {
  globalThis.gc()
  return process.memoryUsage().rss / 2 ** 20
}
