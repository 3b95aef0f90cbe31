import { keyTextOf } from '../match/key.ts'
import type { Recording } from '../cassette/schema.ts'
import type { NumberedRecording } from './catalogue.ts'

/** The same call on both sides; one side is missing where the call is new, or gone. */
export interface Pair {
  before?: NumberedRecording | undefined
  after?: NumberedRecording | undefined
}

/** Finds for each recording the one that it was: the same request, or else the next one of the same test, or at all. */
export function pairRecordings(before: NumberedRecording[], after: NumberedRecording[]): Pair[] {
  const rest = new Set(before)
  const found = new Map<NumberedRecording, NumberedRecording>()
  for (const idOf of [sameCall, sameQuestion, sameTest])
    for (const recording of after) {
      if (found.has(recording)) continue
      const id = idOf(recording.recording)
      const partner = [...rest].find(other => idOf(other.recording) === id)
      if (!partner) continue
      rest.delete(partner)
      found.set(recording, partner)
    }
  return [
    ...after.map(recording => ({ before: found.get(recording), after: recording })),
    ...[...rest].map(recording => ({ before: recording })),
  ]
}

const sameQuestion = ({ request }: Recording): string => keyTextOf(request)
const sameTest = ({ test = '' }: Recording): string => test
const sameCall = (recording: Recording): string => `${sameTest(recording)}\n${sameQuestion(recording)}`
