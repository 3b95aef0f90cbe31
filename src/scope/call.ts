import type { RecordedRequest, RecordedResponse } from '../cassette/schema.ts'

/** One LLM call of a scope, in the order in which the app made them. */
export interface Call {
  /** As it is, or would be, recorded. */
  readonly request: RecordedRequest
  /** `replayed` from the cassette; `recorded` into it; `live`: passed through and not stored; `missed`: refused. */
  readonly outcome: 'replayed' | 'recorded' | 'live' | 'missed'
  /** Absent after a miss or a failed connection, and, while recording, until the app has read it to its end. */
  readonly response?: CallResponse
  /** The model that the request names. */
  readonly model?: string
}

export interface CallResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** JSON value, text, or `{ __base64__ }`; of a stream, `events` says more. */
  readonly body: unknown
  /** The data of each event of a stream, in order; empty for other responses. */
  readonly events: readonly unknown[]
}

/** What a test sees of its cassette. */
export interface Cassette {
  readonly name: string
  /** The file (or folder) in which it is stored, absolute. */
  readonly path: string
  readonly mode: 'auto' | 'replay' | 'record' | 'live'
  /** Why this mode: `CASSETTE_MODE`, an option, CI. */
  readonly modeReason: string
  /** The calls of the running test so far. */
  readonly calls: readonly Call[]
}

export type { RecordedRequest, RecordedResponse }
