export function median(values) {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Milliseconds of each of `count` runs, one after the other. */
export async function timesOf(count, work) {
  const times = []
  for (let index = 0; index < count; index++) times.push(await timeOf(() => work(index)))
  return times
}

/**
 * The same for works that take turns, so that what else the machine does hits both alike; every other round backwards.
 *
 * @param warmUp rounds before, which do not count
 */
export async function inTurns(rounds, warmUp, works) {
  const times = works.map(() => [])
  for (let round = -warmUp; round < rounds; round++) {
    const order = [...works.keys()]
    for (const place of round % 2 === 0 ? order : order.toReversed()) {
      const ms = await timeOf(() => works[place](round + warmUp))
      if (round >= 0) times[place].push(ms)
    }
  }
  return times
}

/** The median of what one took, as a multiple of what the other took in the same round. */
export const ratio = (times, others) => median(times.map((ms, round) => ms / others[round]))

/** The median of what one took longer than the other in the same round. */
export const difference = (times, others) => median(times.map((ms, round) => ms - others[round]))

async function timeOf(work) {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Memory of the process in MB. */
export function memory() {
  globalThis.gc()
  return process.memoryUsage().rss / 2 ** 20
}
