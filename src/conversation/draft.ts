import type { Answer, Message, ToolCall } from './conversation.ts'
import { asText, parseOr } from './json.ts'

/** What one event, or one part of a message, says about a tool call. */
interface CallPart {
  id?: unknown
  name?: unknown
  /** A piece of the arguments' JSON. */
  text?: unknown
  /** The arguments as a whole, or their JSON. */
  arguments?: unknown
  hosted?: boolean
}

interface OpenCall {
  key: string | number
  id: string | undefined
  name: string
  text: string
  arguments: unknown
  hosted: boolean
}

/** A message or an answer while its pieces come in. */
export class Draft {
  text = ''
  reasoning = ''
  finishReason: string | undefined
  readonly attachments: string[] = []
  private readonly calls: OpenCall[] = []

  addText(text: unknown): void {
    if (typeof text === 'string') this.text += text
  }

  addReasoning(text: unknown): void {
    if (typeof text === 'string') this.reasoning += text
  }

  /** @param key tells which call of the answer the part belongs to */
  addCall(key: string | number, part: CallPart): void {
    const call = this.callFor(key, part)
    call.id = asText(part.id) ?? call.id
    call.name = asText(part.name) ?? call.name
    if (typeof part.text === 'string') call.text += part.text
    call.arguments = part.arguments ?? call.arguments
    call.hosted ||= part.hosted ?? false
  }

  /** For calls that come whole. */
  addWholeCall(part: CallPart): void {
    this.addCall(`whole ${this.calls.length}`, part)
  }

  /** Whether the app has a tool to run. */
  get asksForTools(): boolean {
    return this.calls.some(({ hosted }) => !hosted)
  }

  get isEmpty(): boolean {
    return !this.text && !this.reasoning && this.calls.length === 0 && this.attachments.length === 0
  }

  answer(): Answer {
    return { ...this.said(), finishReason: this.finishReason }
  }

  message(role: string): Message {
    return { role, ...this.said(), attachments: this.attachments.length === 0 ? undefined : this.attachments }
  }

  private said() {
    return {
      text: asText(this.text),
      reasoning: asText(this.reasoning),
      toolCalls: this.calls.length === 0 ? undefined : this.calls.map(closed),
    }
  }

  /** Some gateways count every call as the first: another id with a name is another call. */
  private callFor(key: string | number, { id, name }: CallPart): OpenCall {
    const open = this.calls.findLast(call => call.key === key)
    const another =
      asText(name) !== undefined && asText(id) !== undefined && open?.id !== undefined && open.id !== id
    if (open && !another) return open
    const call = { key, id: undefined, name: '', text: '', arguments: undefined, hosted: false }
    this.calls.push(call)
    return call
  }
}

function closed({ id, name, text, arguments: whole, hosted }: OpenCall): ToolCall {
  const json = text.trim() === '' ? whole : text
  const given = typeof json === 'string' ? parseOr(json) : (json ?? {})
  return { id, name, arguments: given, ...(hosted ? { hosted } : {}) }
}

/** The answers of one response, by their index. */
export class Drafts {
  private readonly byIndex = new Map<number, Draft>()

  at(index: number): Draft {
    const draft = this.byIndex.get(index) ?? new Draft()
    this.byIndex.set(index, draft)
    return draft
  }

  answers(): Answer[] {
    return [...this.byIndex].toSorted(([left], [right]) => left - right).map(([, draft]) => draft.answer())
  }
}
