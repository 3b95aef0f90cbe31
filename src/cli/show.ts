import { endpointOf } from '../match/address.ts'
import type { Recording } from '../cassette/schema.ts'
import { formatConversation, formatUsage, escapeControls } from '../conversation/format.ts'
import { readConversation } from '../conversation/read.ts'
import { serializeRecording } from '../formats/serialize.ts'
import { dataOf } from '../wire/sse.ts'
import { findCassette, recordingsOf, shown, type NumberedRecording } from '../review/catalogue.ts'
import { providerName } from './list.ts'
import { CommandError, type Context, type Report } from './report.ts'
import { bold, dim, paint } from './style.ts'
import { count, printDuration } from './units.ts'
import { indentAndWrap } from './wrap.ts'

export interface ShowOptions {
  /** Only this recording, from 1. */
  number?: string | undefined
  /** As it is stored. */
  raw?: boolean
  /** Each event of the stream, with its time. */
  events?: boolean
}

/** `show`: a cassette as a person reads it. */
export function show(context: Context, given: string, options: ShowOptions): Report {
  const cassette = findCassette(context, given)
  const recordings = selected(recordingsOf(cassette), options.number)
  const print = options.raw ? printRaw : options.events ? printEvents : printCall
  const title = `${bold(escapeControls(cassette.name))}  ${dim(shown(context.root, cassette.location.path))}`
  return {
    data: { name: cassette.name, recordings: recordings.map(options.raw ? rawData : dataOfCall) },
    text: [
      ...(options.raw ? [] : [title]),
      ...recordings.map(numbered => print(numbered, context)),
      ...(recordings.length === 0 ? ['It holds no recording.'] : []),
    ].join(options.raw ? '\n' : '\n\n'),
  }
}

function selected(recordings: NumberedRecording[], number: string | undefined): NumberedRecording[] {
  if (number === undefined) return recordings
  const found = recordings.filter(recording => String(recording.number) === number)
  if (found.length > 0) return found
  throw new CommandError(`There is no recording ${number}: the cassette holds ${recordings.length}.`)
}

function printCall(numbered: NumberedRecording, { width }: Context): string {
  const { request, response } = numbered.recording
  const conversation = readConversation(request, response)
  const text = formatConversation(conversation, {
    paint,
    ids: true,
    indent: (part, by) => indentAndWrap(part, by, width === undefined ? undefined : width - 3),
  })
  const end = [
    ...(conversation.usage ? [formatUsage(conversation.usage)] : []),
    ...printTiming(numbered.recording),
    ...(numbered.recording.recorded_at === undefined ? [] : [`recorded ${numbered.recording.recorded_at}`]),
  ]
  const footer = end.length === 0 ? [] : [indentAndWrap(dim(end.join(', ')), '   ', width)]
  return [titleOf(numbered, width), text.replace(/^(?=.)/gm, '   '), ...footer].join('\n\n')
}

/** Number, test, and the request in one line. */
export function titleOf({ number, recording }: NumberedRecording, width: number | undefined): string {
  const { request, response, test } = recording
  const { model } = readConversation(request, response)
  const url = URL.canParse(request.url) ? endpointOf(new URL(request.url)) : request.url
  const status = response.status ?? 200
  const line = [
    `${providerName(request.url)} ${request.method} ${url}`,
    ...(model === undefined ? [] : [model]),
    ...(response.is_streaming ? ['stream'] : []),
    ...(status >= 400 ? [`status ${status}`] : []),
  ].join(', ')
  return `${bold(String(number))}  ${escapeControls(test ?? '(of no test)')}\n${indentAndWrap(dim(escapeControls(line)), '   ', width)}`
}

function printTiming({ response }: Recording): string[] {
  const { timing = [], body, is_streaming, ended = 'complete' } = response
  const events = is_streaming && Array.isArray(body) ? body.length : undefined
  const total = printDuration(timing.reduce((sum, ms) => sum + ms, 0))
  const end =
    ended === 'complete' ? [] : [ended === 'aborted' ? 'left by the app' : 'broken off by the provider']
  if (events === undefined) return timing.length === 0 ? end : [total, ...end]
  const first =
    timing.length === 0 ? [] : [`${printDuration(timing[0]!)} to the first event, ${total} in all`]
  return [count(events, 'event'), ...first, ...end]
}

function printRaw({ recording }: NumberedRecording): string {
  return serializeRecording(recording)
}

function printEvents(numbered: NumberedRecording, { width }: Context): string {
  const { body, timing = [] } = numbered.recording.response
  const items = Array.isArray(body) ? body.map(dataOf) : [body]
  const lines = items.map((item, index) => {
    const after = timing[index] === undefined ? '' : `+${printDuration(timing[index])}`
    return `   ${dim(after.padStart(8))}  ${escapeControls(typeof item === 'string' ? item : (JSON.stringify(item) ?? ''))}`
  })
  return [titleOf(numbered, width), ...lines].join('\n')
}

function rawData({ recording }: NumberedRecording): unknown {
  return recording
}

function dataOfCall({ number, recording }: NumberedRecording): unknown {
  const { test, recorded_at, request, response } = recording
  return {
    number,
    test,
    recorded_at,
    method: request.method,
    url: request.url,
    status: response.status ?? 200,
    streaming: response.is_streaming ?? false,
    ended: response.ended ?? 'complete',
    timing: response.timing,
    conversation: readConversation(request, response),
  }
}
