import { endpointOf } from '../match/address.ts'
import { formatConversation, formatUsage, escapeControls } from '../conversation/format.ts'
import { serializeRecording } from '../formats/serialize.ts'
import { dataOf } from '../wire/sse.ts'
import { nameProvider, readCall, readRecordings, type NumberedRecording } from '../review/calls.ts'
import type { RecordedCall } from '../review/calls.ts'
import { findCassette } from '../review/catalogue.ts'
import { relativePath } from '../store/relative-path.ts'
import { CommandError, type Context, type Report } from './report.ts'
import { bold, dim, paint } from './style.ts'
import { formatCount, formatDuration } from './units.ts'
import { indentAndWrap } from './wrap.ts'

export interface ShowOptions {
  /** Only the recording of this number; the first one is 1. */
  number?: string | undefined
  /** Shows each recording as it is stored. */
  raw?: boolean
  /** Shows each event of the stream, with its time. */
  events?: boolean
}

/** `show`: a cassette as a person reads it. */
export function show(context: Context, given: string, options: ShowOptions): Report {
  const cassette = findCassette(context, given)
  const recordings = selectRecordings(readRecordings(cassette), options.number)
  const format = options.raw ? formatRaw : options.events ? formatEvents : formatCall
  const title = `${bold(escapeControls(cassette.name))}  ${dim(relativePath(context.root, cassette.location.path))}`
  return {
    data: {
      name: cassette.name,
      recordings: recordings.map(numbered => (options.raw ? numbered.recording : readCall(numbered))),
    },
    text: [
      ...(options.raw ? [] : [title]),
      ...recordings.map(numbered => format(numbered, context)),
      ...(recordings.length === 0 ? ['It holds no recording.'] : []),
    ].join(options.raw ? '\n' : '\n\n'),
  }
}

function selectRecordings(recordings: NumberedRecording[], number: string | undefined): NumberedRecording[] {
  if (number === undefined) return recordings
  const found = recordings.filter(recording => String(recording.number) === number)
  if (found.length > 0) return found
  throw new CommandError(`There is no recording ${number}: the cassette holds ${recordings.length}.`)
}

function formatCall(numbered: NumberedRecording, { width }: Context): string {
  const call = readCall(numbered)
  const text = formatConversation(call.conversation, {
    paint,
    ids: true,
    indent: (part, by) => indentAndWrap(part, by, width === undefined ? undefined : width - 3),
  })
  const { body } = numbered.recording.response
  const facts = [
    ...(call.conversation.usage ? [formatUsage(call.conversation.usage)] : []),
    ...formatTiming(call, Array.isArray(body) ? body.length : undefined),
    ...(call.recorded_at === undefined ? [] : [`recorded ${call.recorded_at}`]),
  ]
  const footer = facts.length === 0 ? [] : [indentAndWrap(dim(facts.join(', ')), '   ', width)]
  return [formatTitle(call, width), text.replace(/^(?=.)/gm, '   '), ...footer].join('\n\n')
}

/** Number, test, and the request in one line. */
export function formatTitle(call: RecordedCall, width: number | undefined): string {
  const { number, test, method, url, status, streaming, conversation } = call
  const endpoint = URL.canParse(url) ? endpointOf(new URL(url)) : url
  const line = [
    `${nameProvider(url)} ${method} ${endpoint}`,
    ...(conversation.model === undefined ? [] : [conversation.model]),
    ...(streaming ? ['stream'] : []),
    ...(status >= 400 ? [`status ${status}`] : []),
  ].join(', ')
  return `${bold(String(number))}  ${escapeControls(test ?? '(of no test)')}\n${indentAndWrap(dim(escapeControls(line)), '   ', width)}`
}

const endings = { complete: [], aborted: ['left by the app'], error: ['broken off by the provider'] }

function formatTiming({ timing = [], streaming, ended }: RecordedCall, events: number | undefined): string[] {
  const total = formatDuration(timing.reduce((sum, ms) => sum + ms, 0))
  const isTimed = timing.length > 0
  if (!streaming || events === undefined) return [...(isTimed ? [total] : []), ...endings[ended]]
  const times = isTimed ? [`${formatDuration(timing[0]!)} to the first event, ${total} in all`] : []
  return [formatCount(events, 'event'), ...times, ...endings[ended]]
}

const formatRaw = ({ recording }: NumberedRecording): string => serializeRecording(recording)

function formatEvents(numbered: NumberedRecording, { width }: Context): string {
  const { body, timing = [] } = numbered.recording.response
  const items = Array.isArray(body) ? body.map(dataOf) : [body]
  const lines = items.map((item, index) => {
    const after = timing[index] === undefined ? '' : `+${formatDuration(timing[index])}`
    return `   ${dim(after.padStart(8))}  ${escapeControls(typeof item === 'string' ? item : (JSON.stringify(item) ?? ''))}`
  })
  return [formatTitle(readCall(numbered), width), ...lines].join('\n')
}
