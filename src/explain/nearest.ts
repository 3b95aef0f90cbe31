import { differences, type Difference } from './differences.ts'
import type { NormalizedRequest } from '../match/key.ts'
import type { RecordingIndex } from '../match/recording-index.ts'
import type { Recording } from '../cassette/schema.ts'

/** The recording that is most like a request, and where the two differ. Explains a miss; never answers it. */
export interface Nearest {
  recording: Recording
  normalized: NormalizedRequest
  differences: Difference[]
}

/** How many recordings are compared in full. */
const compared = 50
/** How many characters from each end of a text decide which ones. */
const glance = 256

/** @param body the request's, in its own order of keys */
export function findNearest(
  index: RecordingIndex,
  request: NormalizedRequest,
  body: unknown,
): Nearest | undefined {
  let best: { recording: Recording; normalized: NormalizedRequest } | undefined
  let bestScore = -1
  for (const recording of mostAlike(index, request, body)) {
    const normalized = index.normalize(recording.request)
    const score = similarity(normalized, request)
    if (score <= bestScore) continue
    bestScore = score
    best = { recording, normalized }
  }
  return best && { ...best, differences: requestDifferences(best.normalized, request) }
}

/** Of many recordings those that are likely to be the nearest: to compare 10,000 in full takes 150 ms. */
function mostAlike(index: RecordingIndex, request: NormalizedRequest, body: unknown): readonly Recording[] {
  const { recordings } = index
  if (recordings.length <= compared) return recordings
  const scored = recordings.map((recording, position) => {
    const isSameEndpoint = index.endpointOf(recording.request) === request.endpoint
    return {
      recording,
      position,
      score: likeness(recording.request.body, body, glance) + (isSameEndpoint ? 1 : 0),
    }
  })
  return scored
    .toSorted((left, right) => right.score - left.score || left.position - right.position)
    .slice(0, compared)
    .map(({ recording }) => recording)
}

/** Paths in the body stand bare (`messages[0].content`), the rest of the request is named first (`query.alt[0]`). */
function requestDifferences(recorded: NormalizedRequest, received: NormalizedRequest): Difference[] {
  const { body: recordedBody, ...recordedRest } = recorded
  const { body: receivedBody, ...receivedRest } = received
  return [...differences(recordedRest, receivedRest), ...differences(recordedBody, receivedBody)]
}

/** Between 0 and 6: the same endpoint counts most, then each part of the body by how much of it is the same. */
function similarity(left: NormalizedRequest, right: NormalizedRequest): number {
  const endpoint = left.endpoint === right.endpoint ? 3 : 0
  const asked = left.method === right.method && left.host === right.host ? 1 : 0
  return endpoint + asked + 2 * likeness(left.body, right.body)
}

/**
 * Between 0 (nothing in common) and 1 (equal).
 *
 * @param most how many characters of a text are compared from each end
 */
function likeness(left: unknown, right: unknown, most = Infinity): number {
  if (Object.is(left, right)) return 1
  if (typeof left === 'string' && typeof right === 'string') return textLikeness(left, right, most)
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) return 0
  let [sum, count] = [0, 0]
  if (Array.isArray(left) && Array.isArray(right)) {
    count = Math.max(left.length, right.length)
    const both = Math.min(left.length, right.length)
    for (let position = 0; position < both; position++) sum += likeness(left[position], right[position], most)
  } else {
    // In values of JSON nothing is inherited, and lists of keys would take longer than what is compared.
    for (const key in left) {
      count++
      if (Object.hasOwn(right, key)) sum += likeness(left[key as never], right[key as never], most)
    }
    for (const key in right) if (!Object.hasOwn(left, key)) count++
  }
  return count === 0 ? 1 : sum / count
}

/** The share that both texts have in common at their beginning and their end. */
function textLikeness(left: string, right: string, most: number): number {
  const [length, shorter] = [Math.max(left.length, right.length), Math.min(left.length, right.length)]
  let start = 0
  while (start < shorter && start < most && left.charCodeAt(start) === right.charCodeAt(start)) start++
  let end = 0
  while (
    end < shorter - start &&
    end < most &&
    left.charCodeAt(left.length - 1 - end) === right.charCodeAt(right.length - 1 - end)
  )
    end++
  return (start + end) / Math.max(1, Math.min(length, 2 * most))
}
