import type { Message } from './conversation.ts'
import { Draft } from './draft.ts'
import { asText, at, isObject, type Json } from './json.ts'

/** Adds a part to its message; a part that is a message of its own (a tool's result) is returned instead. */
export type PartReader = (part: Json, draft: Draft) => Message | undefined

/** Content, in whatever form it stands, as a list of parts: a text is one part. */
export function partsOf(content: unknown): Json[] {
  if (typeof content === 'string') return [{ text: content }]
  if (Array.isArray(content)) return content.flatMap(partsOf)
  return isObject(content) ? [content] : []
}

/** The messages in one: the results of tools, which some APIs put into the user's message, and the rest of it. */
export function messagesIn(role: string, content: unknown, read: PartReader): Message[] {
  const draft = new Draft()
  const results = partsOf(content).flatMap(part => read(part, draft) ?? [])
  return draft.isEmpty && results.length > 0 ? results : [...results, draft.message(role)]
}

/** The text in content, without its other parts. JSON where there is no text. */
export function plainText(content: unknown): string | undefined {
  if (content === undefined || content === null) return undefined
  const texts = partsOf(content).flatMap(part => asText(part.text) ?? [])
  if (texts.length > 0) return texts.join('')
  return typeof content === 'string' ? undefined : JSON.stringify(content)
}

/** A part that is no text, by its type. */
export function attachmentName(part: Json): string {
  return asText(part.type) ?? Object.keys(part).find(key => isObject(at(part, key))) ?? 'part'
}
