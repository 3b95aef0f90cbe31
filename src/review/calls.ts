import type { Recording } from '../cassette/schema.ts'
import { readConversation } from '../conversation/read.ts'
import { providerOf } from '../providers.ts'
import { readCassette } from '../store/read.ts'
import type { StoredCassette } from './catalogue.ts'

/** A recording of a cassette, with the number by which a person names it. */
export interface NumberedRecording {
  /** The first one is 1. */
  number: number
  recording: Recording
}

export function numberRecordings(recordings: readonly Recording[]): NumberedRecording[] {
  return recordings.map((recording, index) => ({ number: index + 1, recording }))
}

/** @throws {CassetteError} `bad-cassette` */
export function readRecordings({ location }: StoredCassette): NumberedRecording[] {
  return numberRecordings(readCassette(location))
}

export type RecordedCall = ReturnType<typeof readCall>

/** What a recording says to a person. `timing` is in ms, `recorded_at` a day: 2026-11-23. */
export function readCall({ number, recording }: NumberedRecording) {
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

/** The name of the provider, or the host where the provider is not known. */
export function nameProvider(url: string): string {
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  return providerOf(parsed)?.name ?? parsed.host
}
