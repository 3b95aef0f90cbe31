import type { RecordedRequest, RecordedResponse, Recording } from '../cassette/schema.ts'
import type { Answer, Conversation, Reading, ToolCall, Usage } from '../conversation/conversation.ts'
import { readConversation, readResponse } from '../conversation/read.ts'
import { dataOf } from '../wire/sse.ts'

/**
 * One LLM call of a scope, in the order in which the app made them.
 *
 * What the model said reads the same over all APIs, streamed or not, and is `undefined` where the response says
 * nothing. Of several choices (`n: 2`) it is the first; `conversation.answers` has them all.
 *
 * @example
 * expect(cassette.calls[0]?.text).toContain('Washington')
 */
export interface Call {
  /** As it is, or would be, recorded. */
  readonly request: RecordedRequest
  /** `replayed` from the cassette; `recorded` into it; `live`: passed through and not stored; `missed`: refused. */
  readonly outcome: 'replayed' | 'recorded' | 'live' | 'missed'
  /** Absent after a miss or a failed connection, and, while recording, until the app has read it to its end. */
  readonly response?: CallResponse | undefined
  /** The model that the request names, or else the response. */
  readonly model?: string | undefined
  /** The answer, put together from the stream or the body. */
  readonly text?: string | undefined
  /** The tools that the model called, with parsed arguments. */
  readonly toolCalls?: readonly ToolCall[] | undefined
  /** The tokens that the provider counted. */
  readonly usage?: Usage | undefined
  /** `stop`, `length`, `tool_calls`, `content_filter`, `error`, whatever the provider calls it; other words as they are. */
  readonly finishReason?: string | undefined
  /** The whole call: messages, every answer, usage. */
  readonly conversation: Conversation
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
  /**
   * The recordings of the running test that it has not played yet; where it has none of its own, all those that it may
   * play. Empty while it records: what is left then goes once the test has passed.
   */
  readonly unplayed: readonly Recording[]
  /**
   * Runs code whose calls are then answered by this cassette, whoever calls it later: binds a queue, a server or a timer
   * that works outside of the test's own async context.
   *
   * @returns what `work` returns
   *
   * @example
   * const server = cassette.run(() => startServer())
   */
  run<Result>(work: () => Result): Result
}

/** The calls of a session, in the order in which the app made them. */
export class CallLog {
  readonly entries: CallEntry[] = []

  add(asked: { readonly request: RecordedRequest }): CallEntry {
    const entry = new CallEntry(asked)
    this.entries.push(entry)
    return entry
  }

  count(outcome: Call['outcome']): number {
    return this.entries.filter(entry => entry.outcome === outcome).length
  }
}

/** A call, while it happens and afterwards. What it says is read only when somebody asks, and once. */
export class CallEntry implements Call {
  outcome: Call['outcome'] = 'live'
  #response: CallResponse | undefined
  #stored: RecordedResponse | undefined
  #reading: Reading | undefined
  #conversation: Conversation | undefined
  readonly #asked: { readonly request: RecordedRequest }

  constructor(asked: { readonly request: RecordedRequest }) {
    this.#asked = asked
  }

  get request(): RecordedRequest {
    return this.#asked.request
  }

  end(outcome: Call['outcome'], stored?: RecordedResponse): void {
    this.outcome = outcome
    this.#stored = stored
    this.#response = this.#reading = this.#conversation = undefined
  }

  get response(): CallResponse | undefined {
    return (this.#response ??= this.#stored && responseOf(this.#stored))
  }

  get conversation(): Conversation {
    return (this.#conversation ??= readConversation(this.request, this.#stored))
  }

  get model(): string | undefined {
    return this.conversation.model
  }

  get text(): string | undefined {
    return this.answer?.text
  }

  get toolCalls(): readonly ToolCall[] | undefined {
    return this.answer?.toolCalls
  }

  get usage(): Usage | undefined {
    return this.reading.usage
  }

  get finishReason(): string | undefined {
    return this.answer?.finishReason
  }

  private get answer(): Answer | undefined {
    return this.reading.answers[0]
  }

  private get reading(): Reading {
    return (this.#reading ??= this.#stored ? readResponse(this.#stored) : { answers: [] })
  }
}

function responseOf(stored: RecordedResponse): CallResponse {
  const { status = 200, headers = {} } = stored
  let events: readonly unknown[] | undefined
  return {
    status,
    headers,
    get body() {
      return stored.body
    },
    get events() {
      return (events ??= eventsOf(stored))
    },
  }
}

function eventsOf({ body, is_streaming }: RecordedResponse): unknown[] {
  return is_streaming && Array.isArray(body) ? body.map(dataOf) : []
}
