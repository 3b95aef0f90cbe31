import { asText, parseOr } from '../wire/json.ts'
import type { Answer, Message, ToolCall } from './conversation.ts'
import { finishReasonOf } from './finish.ts'

/** What one event, or one part of a message, says about a tool call. */
interface ToolCallPart {
  id?: unknown
  name?: unknown
  /** A piece of the arguments' JSON. */
  text?: unknown
  /** All arguments, as a value or as JSON text. */
  arguments?: unknown
  hosted?: boolean
}

/** A tool call of which more parts may come. */
interface ToolCallDraft {
  key: string | number
  id: string | undefined
  name: string
  text: string
  arguments: unknown
  hosted: boolean
}

/** A message or an answer of which more parts may come. */
export class Draft {
  text = ''
  reasoning = ''
  finishReason: string | undefined
  readonly attachments: string[] = []
  private readonly toolCalls: ToolCallDraft[] = []

  addText(text: unknown): void {
    if (typeof text === 'string') this.text += text
  }

  addReasoning(text: unknown): void {
    if (typeof text === 'string') this.reasoning += text
  }

  /** @param key tells which call of the answer the part belongs to */
  addToolCall(key: string | number, part: ToolCallPart): void {
    const call = this.toolCallFor(key, part)
    call.id = asText(part.id) ?? call.id
    call.name = asText(part.name) ?? call.name
    if (typeof part.text === 'string') call.text += part.text
    call.arguments = part.arguments ?? call.arguments
    call.hosted ||= part.hosted ?? false
  }

  /** Adds a call that comes in one part. */
  addWholeToolCall(part: ToolCallPart): void {
    this.addToolCall(`whole ${this.toolCalls.length}`, part)
  }

  /** @param word why the answer ended, in the API's own word; where it is absent, an earlier one stands */
  finish(word: unknown): void {
    this.finishReason = finishReasonOf(word) ?? this.finishReason
  }

  /** Like `finish`, for an API that has no word of its own for an answer that calls tools. */
  finishOrCallTools(word: unknown): void {
    this.finish(word)
    const hasToolToRun = this.toolCalls.some(({ hosted }) => !hosted)
    if (this.finishReason === 'stop' && hasToolToRun) this.finishReason = 'tool_calls'
  }

  get isEmpty(): boolean {
    return !this.text && !this.reasoning && this.toolCalls.length === 0 && this.attachments.length === 0
  }

  toAnswer(): Answer {
    return { ...this.content(), finishReason: this.finishReason }
  }

  /** No answer where the response has neither said anything nor ended. */
  toAnswers(): Answer[] {
    return this.isEmpty && this.finishReason === undefined ? [] : [this.toAnswer()]
  }

  toMessage(role: string): Message {
    const attachments = this.attachments.length === 0 ? undefined : this.attachments
    return { role, ...this.content(), attachments }
  }

  private content() {
    return {
      text: asText(this.text),
      reasoning: asText(this.reasoning),
      toolCalls: this.toolCalls.length === 0 ? undefined : this.toolCalls.map(finishToolCall),
    }
  }

  /** Some gateways count every call as the first, so a part with a name and another id begins another call. */
  private toolCallFor(key: string | number, { id, name }: ToolCallPart): ToolCallDraft {
    const known = this.toolCalls.findLast(call => call.key === key)
    const isAnother =
      asText(name) !== undefined && asText(id) !== undefined && known?.id !== undefined && known.id !== id
    if (known && !isAnother) return known
    const call = { key, id: undefined, name: '', text: '', arguments: undefined, hosted: false }
    this.toolCalls.push(call)
    return call
  }
}

function finishToolCall({ id, name, text, arguments: whole, hosted }: ToolCallDraft): ToolCall {
  const json = text.trim() === '' ? whole : text
  const given = typeof json === 'string' ? parseOr(json) : (json ?? {})
  return { id, name, arguments: given, ...(hosted ? { hosted } : {}) }
}

/** The answers of a response that has several choices. */
export class Choices {
  private readonly byIndex = new Map<number, Draft>()

  draftOf(index: number): Draft {
    const draft = this.byIndex.get(index) ?? new Draft()
    this.byIndex.set(index, draft)
    return draft
  }

  toAnswers(): Answer[] {
    return [...this.byIndex].toSorted(([left], [right]) => left - right).map(([, draft]) => draft.toAnswer())
  }
}
