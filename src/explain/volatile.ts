import type { Difference } from './differences.ts'
import { readyMade, replaceAll, type MatchOptions, type ReadyMade } from '../match/normalize.ts'
import { formatPath } from '../cassette/path.ts'

/**
 * The options that would make every difference vanish, where every one of them looks like something that changes
 * from run to run: dates, UUIDs, temporary paths, timestamps.
 */
export function ignoringOptions(found: readonly Difference[]): MatchOptions | undefined {
  if (found.length === 0) return undefined
  const options: MatchOptions = {}
  for (const difference of found) {
    const name = readyMadeFor(difference)
    if (name) options[name] = true
    else if (isTimestamp(difference.recorded) && isTimestamp(difference.received))
      (options.ignore ??= []).push(formatPath(difference.path))
    else return undefined
  }
  return options
}

function readyMadeFor({ recorded, received }: Difference): ReadyMade | undefined {
  if (typeof recorded !== 'string' || typeof received !== 'string') return undefined
  const names = Object.keys(readyMade) as ReadyMade[]
  // UUIDs first: a date in a UUID's digits is an accident.
  return names
    .toReversed()
    .find(name => replaceAll(recorded, readyMade[name]) === replaceAll(received, readyMade[name]))
}

/** Seconds or milliseconds since 1970, in this century. */
function isTimestamp(value: unknown): boolean {
  return typeof value === 'number' && ((value > 9.4e8 && value < 4.2e9) || (value > 9.4e11 && value < 4.2e12))
}
