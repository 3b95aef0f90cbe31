import type { Answer, Conversation, Message, ToolCall, Usage } from './conversation.ts'

/** How parts of a conversation stand out. Each function gives its text back, with or without colours. */
export interface Paint {
  role: (text: string) => string
  dim: (text: string) => string
  tool: (text: string) => string
  error: (text: string) => string
}

export interface FormatOptions {
  paint?: Paint
  /** Indents the lines of a text, and may break them. Default: indents them only. */
  indent?: (text: string, by: string) => string
  /** Whether the ids of tool calls are shown, which change with each recording. Default: `false`. */
  ids?: boolean
}

const keep = (text: string) => text
const plain: Paint = { role: keep, dim: keep, tool: keep, error: keep }
const indentLines = (text: string, by: string) => text.replace(/^(?=.)/gm, by)

/** The text of a conversation for a person: who said what, which tools were called, how it ended. */
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

/** Writes characters that a terminal would act upon as `\u001b`, because a model may say anything. */
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

  message({ role, toolCallId, attachments = [], ...content }: Message): string {
    const title = this.paint.role(escapeControls(role)) + this.id(toolCallId)
    return this.section(title, [...this.content(content), ...attachments.map(type => this.dim(`[${type}]`))])
  }

  answer({ finishReason = 'stop', ...content }: Answer, choice: number | undefined): string {
    const number = choice === undefined ? '' : this.dim(` choice ${choice}`)
    const end = finishReason === 'stop' ? '' : this.dim(` (${finishReason})`)
    return this.section(this.paint.role('assistant') + number + end, this.content(content))
  }

  embeddings({ vectors, dimensions }: NonNullable<Conversation['embeddings']>): string {
    const size = dimensions === undefined ? '' : ` of ${dimensions} dimensions`
    return this.section(this.paint.role('embeddings'), [
      `${vectors} ${vectors === 1 ? 'vector' : 'vectors'}${size}`,
    ])
  }

  error(message: string): string {
    return this.section(this.paint.error('error'), [escapeControls(message)])
  }

  nothing(): string {
    return this.dim('(no conversation: not a call whose bodies are known)')
  }

  private content({ text, reasoning, toolCalls = [] }: Omit<Answer, 'finishReason'>): string[] {
    return [
      ...(reasoning === undefined ? [] : [this.dim(`(reasoning) ${reasoning.trim()}`)]),
      ...(text === undefined ? [] : [escapeControls(text.trim())]),
      ...toolCalls.map(call => this.toolCall(call)),
    ]
  }

  private toolCall({ id, name, arguments: given, hosted }: ToolCall): string {
    const json = escapeControls(typeof given === 'string' ? given : JSON.stringify(given))
    const by = hosted ? this.dim(' by the provider') : ''
    return `${this.paint.tool(`→ ${escapeControls(name)}`)}(${json})${by}${this.id(id)}`
  }

  private id(id: string | undefined): string {
    return this.ids && id !== undefined ? this.dim(` ${id}`) : ''
  }

  private dim(text: string): string {
    return this.paint.dim(escapeControls(text))
  }

  private section(title: string, paragraphs: string[]): string {
    const shown = paragraphs.length === 0 ? [this.dim('(nothing)')] : paragraphs
    return [title, ...shown.map(text => this.indent(text, '  '))].join('\n')
  }
}
