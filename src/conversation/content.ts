import { asObjects, asText, at, isObject, type Json } from '../wire/json.ts'
import type { Message } from './conversation.ts'
import { Draft } from './draft.ts'

/** Adds a part to the draft of its message, or returns the part that is a message of its own: a tool's result. */
export type PartReader = (part: Json, draft: Draft) => Message | undefined

/** Content as a list of parts, whether it is a text (one part), a part or a list of them. */
export function partsOf(content: unknown): Json[] {
  if (typeof content === 'string') return [{ text: content }]
  if (Array.isArray(content)) return content.flatMap(partsOf)
  return isObject(content) ? [content] : []
}

/** Reads a message that may hold results of tools, as users' messages of some APIs do: each result is a message here. */
export function messagesIn(role: string, content: unknown, read: PartReader): Message[] {
  const draft = new Draft()
  const results = partsOf(content).flatMap(part => read(part, draft) ?? [])
  return draft.isEmpty && results.length > 0 ? results : [...results, draft.toMessage(role)]
}

/** Reads a request whose `system` stands beside its `messages`, as Anthropic's and Bedrock's do. */
export function systemAndMessages({ system, messages }: Json, read: PartReader): Message[] {
  return [
    ...(system === undefined ? [] : [{ role: 'system', text: plainText(system) }]),
    ...asObjects(messages).flatMap(({ role, content }) => messagesIn(asText(role) ?? 'user', content, read)),
  ]
}

/** The texts in content, joined; where it has no text, its JSON. */
export function plainText(content: unknown): string | undefined {
  if (content === undefined || content === null) return undefined
  const texts = partsOf(content).flatMap(part => asText(part.text) ?? [])
  if (texts.length > 0) return texts.join('')
  return typeof content === 'string' ? undefined : JSON.stringify(content)
}

/** The type of a part that is no text; where it states none, the key of what it holds. */
export function attachmentName(part: Json): string {
  return asText(part.type) ?? Object.keys(part).find(key => isObject(at(part, key))) ?? 'part'
}
