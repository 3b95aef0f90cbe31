import { attachmentName, messagesIn, partsOf, plainText } from './content.ts'
import type { Message, Usage } from './conversation.ts'
import { Drafts, type Draft } from './draft.ts'
import { finishReasonOf } from './finish.ts'
import { asNumber, asObjects, asText, at, isObject, type Json } from './json.ts'
import type { Api } from './api.ts'
import { usageOf } from './usage.ts'

/** `POST /v1/chat/completions`, the API that most providers speak. */
export const openaiChat: Api = {
  name: 'openai-chat',
  // Azure: the first chunk has no choices.
  isResponse: item => Array.isArray(item.choices),
  isRequest: body => Array.isArray(body.messages),
  readRequest: body => asObjects(body.messages).flatMap(readMessage),
  readResponse: readChoices,
}

/** The choices of a response, chat or not: `delta` in a stream, `message` in a body, `text` in the older API. */
export function readChoices(items: Json[]) {
  const drafts = new Drafts()
  for (const item of items)
    for (const [place, choice] of asObjects(item.choices).entries())
      readChoice(choice, drafts.at(asNumber(choice.index) ?? place))
  const counted = items.findLast(readUsage)
  return {
    answers: drafts.answers(),
    usage: counted && readUsage(counted),
    model: items.map(item => asText(item.model)).find(model => model !== undefined),
  }
}

function readChoice(choice: Json, draft: Draft): void {
  const said = choice.delta ?? choice.message
  if (isObject(said)) readSaid(said, draft)
  else draft.addText(choice.text)
  draft.finishReason = finishReasonOf(choice.finish_reason) ?? draft.finishReason
}

function readSaid(said: Json, draft: Draft): void {
  // The second is what OpenRouter, Groq and others call it; some send both.
  draft.addReasoning(asText(said.reasoning_content) ?? said.reasoning)
  for (const part of partsOf(said.content)) readPart(part, draft)
  draft.addText(said.refusal)
  draft.addText(at(said, 'audio', 'transcript'))
  for (const [place, call] of asObjects(said.tool_calls).entries())
    readCall(call, asNumber(call.index) ?? place, draft)
  if (isObject(said.function_call)) readCall({ function: said.function_call }, 'function', draft)
}

function readPart(part: Json, draft: Draft): undefined {
  // Mistral: reasoning is a part whose content is a list of parts.
  if (part.type === 'thinking') draft.addReasoning(plainText(part.thinking))
  else if (part.type === 'refusal') draft.addText(part.refusal)
  else if (typeof part.text === 'string') draft.addText(part.text)
  else if (part.type !== 'reference') draft.attachments.push(attachmentName(part))
}

function readCall(call: Json, key: string | number, draft: Draft): void {
  const custom = isObject(call.custom)
  const { name, arguments: given, input } = (custom ? call.custom : (call.function ?? {})) as Json
  const text = custom ? input : given
  draft.addCall(key, {
    id: call.id,
    name,
    ...(typeof text === 'string' ? { text } : { arguments: text ?? undefined }),
  })
}

/** One message of a request; shared by every API whose messages look like these. */
export function readMessage(message: Json): Message[] {
  const role = asText(message.role) ?? 'user'
  if (role === 'tool' || role === 'function')
    return [{ role: 'tool', text: plainText(message.content), toolCallId: asText(message.tool_call_id) }]
  const [read = { role }] = messagesIn(role, message.content, readPart)
  const drafts = new Drafts()
  readSaid({ ...message, content: undefined }, drafts.at(0))
  const { toolCalls, reasoning, text } = drafts.at(0).answer()
  return [{ ...read, text: read.text ?? text, reasoning: reasoning ?? read.reasoning, toolCalls }]
}

/** Groq's first models say the usage in an object of their own. */
function readUsage(item: Json): Usage | undefined {
  const found = [item, ...Object.values(item)].map(holder => at(holder, 'usage')).find(isObject)
  return usageOf(found?.prompt_tokens, found?.completion_tokens, found?.total_tokens)
}
