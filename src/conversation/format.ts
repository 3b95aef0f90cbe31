import type { Answer, Conversation, Message, ToolCall, Usage } from './conversation.ts'

/** How parts of the text stand out; each gives its text back, with colours or without. */
export interface Paint {
  role: (text: string) => string
  dim: (text: string) => string
  tool: (text: string) => string
  error: (text: string) => string
}

export interface FormatOptions {
  paint?: Paint
  /** Breaks and indents the lines of a text. Default: indents them. */
  indent?: (text: string, by: string) => string
  /** Whether the ids of tool calls are shown: they change with each recording. Default: `false`. */
  ids?: boolean
}

const same = (text: string) => text
const plain: Paint = { role: same, dim: same, tool: same, error: same }
const indentLines = (text: string, by: string) => text.replace(/^(?=.)/gm, by)

/** A conversation as a person reads it: who said what, the tools, how it ended. */
export function formatConversation(conversation: Conversation, options: FormatOptions = {}): string {
  const formatter = new Formatter(options)
  const { messages, answers, embeddings, error } = conversation
  const parts = [
    ...messages.map(message => formatter.message(message)),
    ...answers.map((answer, index) => formatter.answer(answer, answers.length > 1 ? index + 1 : undefined)),
    ...(embeddings ? [formatter.embeddings(embeddings)] : []),
    ...(error === undefined ? [] : [formatter.error(error)]),
  ]
  return parts.length === 0 ? formatter.nothing() : parts.join('\n')
}

/** `45 in + 20 out = 65 tokens` */
export function formatUsage({ inputTokens, outputTokens, totalTokens }: Usage): string {
  const number = (value: number) => value.toLocaleString('en-US')
  const sides = [
    ...(inputTokens === undefined ? [] : [`${number(inputTokens)} in`]),
    ...(outputTokens === undefined ? [] : [`${number(outputTokens)} out`]),
  ].join(' + ')
  const total = totalTokens === undefined ? '' : `${number(totalTokens)} tokens`
  return sides === '' ? total : `${sides} = ${total}`
}

/** What a terminal would act upon, in a form that it only shows: a model may say anything. */
export function escapeControls(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, char =>
      /[\n\t]/.test(char) ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
}

class Formatter {
  private readonly paint: Paint
  private readonly indent: (text: string, by: string) => string
  private readonly ids: boolean

  constructor({ paint = plain, indent = indentLines, ids = false }: FormatOptions) {
    this.paint = paint
    this.indent = indent
    this.ids = ids
  }

  message({ role, toolCallId, ...said }: Message): string {
    const id = this.ids && toolCallId !== undefined ? this.paint.dim(` ${escapeControls(toolCallId)}`) : ''
    const attachments = (said.attachments ?? []).map(type =>
      this.line(this.paint.dim(`[${escapeControls(type)}]`)),
    )
    const lines = [...this.said(said), ...attachments]
    return [this.paint.role(escapeControls(role)) + id, ...this.orNothing(lines)].join('\n')
  }

  answer({ finishReason, ...said }: Answer, choice: number | undefined): string {
    const number = choice === undefined ? '' : this.paint.dim(` choice ${choice}`)
    const end =
      finishReason === undefined || finishReason === 'stop'
        ? ''
        : this.paint.dim(` (${escapeControls(finishReason)})`)
    return [this.paint.role('assistant') + number + end, ...this.orNothing(this.said(said))].join('\n')
  }

  embeddings({ vectors, dimensions }: NonNullable<Conversation['embeddings']>): string {
    const of = dimensions === undefined ? '' : ` of ${dimensions} dimensions`
    return [
      this.paint.role('embeddings'),
      this.line(`${vectors} ${vectors === 1 ? 'vector' : 'vectors'}${of}`),
    ].join('\n')
  }

  error(message: string): string {
    return [this.paint.error('error'), this.line(escapeControls(message))].join('\n')
  }

  nothing(): string {
    return this.paint.dim('(no conversation: not a call whose bodies are known)')
  }

  private said({ text, reasoning, toolCalls }: Omit<Answer, 'finishReason'>): string[] {
    return [
      ...(reasoning === undefined
        ? []
        : [this.line(this.paint.dim(`(reasoning) ${escapeControls(reasoning.trim())}`))]),
      ...(text === undefined ? [] : [this.line(escapeControls(text.trim()))]),
      ...(toolCalls ?? []).map(call => this.line(this.toolCall(call))),
    ]
  }

  private toolCall({ id, name, arguments: given, hosted }: ToolCall): string {
    const shown = escapeControls(typeof given === 'string' ? given : JSON.stringify(given))
    const by = hosted ? this.paint.dim(' by the provider') : ''
    const shownId = this.ids && id !== undefined ? this.paint.dim(` ${escapeControls(id)}`) : ''
    return `${this.paint.tool(`→ ${escapeControls(name)}`)}(${shown})${by}${shownId}`
  }

  private line(text: string): string {
    return this.indent(text, '  ')
  }

  private orNothing(lines: string[]): string[] {
    return lines.length === 0 ? [this.line(this.paint.dim('(nothing)'))] : lines
  }
}
