import { structuredPatch } from 'diff'
import type { Recording } from '../cassette/schema.ts'
import { formatConversation, escapeControls } from '../conversation/format.ts'
import { plainKeyOf } from '../match/key.ts'
import { readCall, type NumberedRecording } from './calls.ts'

/** A recording before and after a change. One side is missing where the recording is new, or gone. */
interface RecordingPair {
  before?: NumberedRecording | undefined
  after?: NumberedRecording | undefined
}

/** What changed in the conversation of one recording. */
export interface ConversationChange extends RecordingPair {
  kind: 'added' | 'removed' | 'changed'
  /** The lines of a unified diff, each with `+`, `-` or a space in front; `…` stands where lines are left out. */
  lines: string[]
}

/** Compares what was said in two lists of recordings, whatever else changed in them, and counts what stayed equal. */
export function compareConversations(before: NumberedRecording[], after: NumberedRecording[]) {
  const pairs = pairRecordings(before, after)
  const changes = pairs.flatMap(pair => findChange(pair) ?? [])
  return { changes, equal: pairs.length - changes.length }
}

/**
 * Finds for each recording the one that it was before: the one with the same test and request, or else the first one
 * that is left with the same request, or else with the same test.
 */
function pairRecordings(before: NumberedRecording[], after: NumberedRecording[]): RecordingPair[] {
  const unpaired = new Set(before)
  const partners = new Map<NumberedRecording, NumberedRecording>()
  for (const readTrait of [readTestAndRequest, readRequest, readTest]) {
    const candidates = Map.groupBy(unpaired, ({ recording }) => readTrait(recording))
    for (const recording of after) {
      const partner = partners.has(recording)
        ? undefined
        : candidates.get(readTrait(recording.recording))?.shift()
      if (!partner) continue
      unpaired.delete(partner)
      partners.set(recording, partner)
    }
  }
  return [
    ...after.map(recording => ({ before: partners.get(recording), after: recording })),
    ...[...unpaired].map(recording => ({ before: recording })),
  ]
}

const readRequest = ({ request }: Recording): string => plainKeyOf(request)
const readTest = ({ test = '' }: Recording): string => test
const readTestAndRequest = (recording: Recording): string =>
  `${readTest(recording)}\n${readRequest(recording)}`

function findChange(pair: RecordingPair): ConversationChange | undefined {
  const [before, after] = [formatComparable(pair.before), formatComparable(pair.after)]
  if (before === after && pair.before && pair.after) return undefined
  const kind = !pair.before ? 'added' : !pair.after ? 'removed' : 'changed'
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: 2 })
  const lines = hunks.flatMap((hunk, index) => [...(index > 0 ? ['…'] : []), ...hunk.lines])
  return { ...pair, kind, lines: lines.filter(line => !line.startsWith('\\')) }
}

/** Who said what, the model, and how it ended. Ids, times, token counts and how a stream was cut do not count. */
function formatComparable(recording: NumberedRecording | undefined): string {
  if (!recording) return ''
  const { conversation, status } = readCall(recording)
  const model = `model ${escapeControls(conversation.model ?? '(none)')}`
  return `${model}${status === 200 ? '' : `, status ${status}`}\n${formatConversation(conversation)}\n`
}
