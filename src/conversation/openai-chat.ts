import { asNumber, asObjects, asText, at, isObject, type Json } from '../wire/json.ts'
import type { Api } from './api.ts'
import { attachmentName, messagesIn, partsOf, plainText } from './content.ts'
import type { Message, Usage } from './conversation.ts'
import { Choices, Draft } from './draft.ts'
import { usageOf } from './usage.ts'

/** OpenAI's `POST /v1/chat/completions`, which most providers offer too. */
export const openaiChat: Api = {
  name: 'openai-chat',
  // Azure's first chunk has an empty list of choices.
  isResponse: item => Array.isArray(item.choices),
  isRequest: body => Array.isArray(body.messages),
  readRequest: body => asObjects(body.messages).flatMap(readMessage),
  readResponse: readChoices,
}

/** Reads choices: they hold a `delta` in a stream, a `message` in a body, and a `text` in the older completions API. */
export function readChoices(items: Json[]) {
  const choices = new Choices()
  for (const item of items)
    for (const [position, choice] of asObjects(item.choices).entries())
      readChoice(choice, choices.draftOf(asNumber(choice.index) ?? position))
  const counted = items.findLast(readUsage)
  return {
    answers: choices.toAnswers(),
    usage: counted && readUsage(counted),
    model: items.map(item => asText(item.model)).find(model => model !== undefined),
  }
}

function readChoice(choice: Json, draft: Draft): void {
  const message = choice.delta ?? choice.message
  if (isObject(message)) readFields(message, draft)
  else draft.addText(choice.text)
  draft.finish(choice.finish_reason)
}

/** Reads a message, or the piece of one that an event brings. */
function readFields(message: Json, draft: Draft): void {
  // DeepSeek calls its reasoning `reasoning_content`, OpenRouter and Groq call it `reasoning`, and some send both.
  draft.addReasoning(asText(message.reasoning_content) ?? message.reasoning)
  for (const part of partsOf(message.content)) readPart(part, draft)
  draft.addText(message.refusal)
  draft.addText(at(message, 'audio', 'transcript'))
  for (const [position, call] of asObjects(message.tool_calls).entries())
    readToolCall(call, asNumber(call.index) ?? position, draft)
  if (isObject(message.function_call)) readToolCall({ function: message.function_call }, 'function', draft)
}

function readPart(part: Json, draft: Draft): undefined {
  // Mistral's reasoning is a part that holds a list of parts.
  if (part.type === 'thinking') draft.addReasoning(plainText(part.thinking))
  else if (part.type === 'refusal') draft.addText(part.refusal)
  else if (typeof part.text === 'string') draft.addText(part.text)
  else if (part.type !== 'reference') draft.attachments.push(attachmentName(part))
}

function readToolCall(call: Json, key: string | number, draft: Draft): void {
  const custom = isObject(call.custom)
  const { name, arguments: given, input } = (custom ? call.custom : (call.function ?? {})) as Json
  const text = custom ? input : given
  draft.addToolCall(key, {
    id: call.id,
    name,
    ...(typeof text === 'string' ? { text } : { arguments: text ?? undefined }),
  })
}

/** Reads a message of a request. Ollama's and Cohere's messages look like OpenAI's. */
export function readMessage(message: Json): Message[] {
  const role = asText(message.role) ?? 'user'
  if (role === 'tool' || role === 'function')
    return [{ role: 'tool', text: plainText(message.content), toolCallId: asText(message.tool_call_id) }]
  const [read = { role }] = messagesIn(role, message.content, readPart)
  const draft = new Draft()
  readFields({ ...message, content: undefined }, draft)
  const { toolCalls, reasoning, text } = draft.toMessage(role)
  return [{ ...read, text: read.text ?? text, reasoning: reasoning ?? read.reasoning, toolCalls }]
}

/** Groq's usage may stand one level deeper: `x_groq.usage`. */
function readUsage(item: Json): Usage | undefined {
  const found = [item, ...Object.values(item)].map(holder => at(holder, 'usage')).find(isObject)
  return usageOf(found?.prompt_tokens, found?.completion_tokens, found?.total_tokens)
}
