import { asNumber, asObjects, asText, at, isObject, type Json } from '../wire/json.ts'
import type { Api } from './api.ts'
import { attachmentName, plainText, systemAndMessages } from './content.ts'
import type { Message, Reading } from './conversation.ts'
import { Draft } from './draft.ts'
import { sum, usageOf } from './usage.ts'

const eventType = /^(?:message_(?:start|delta|stop)|content_block_(?:start|delta|stop))$/

/** Anthropic's `POST /v1/messages`, whose content is a list of blocks. */
export const anthropicMessages: Api = {
  name: 'anthropic-messages',
  isResponse: item =>
    eventType.test(asText(item.type) ?? '') || (item.type === 'message' && 'content' in item),
  isRequest: (body, path) =>
    Array.isArray(body.messages) && (/\/messages(?:\/|$)/.test(path) || 'anthropic_version' in body),
  readRequest: body => systemAndMessages(body, readBlock),
  readResponse,
}

function readResponse(items: Json[]): Reading {
  const draft = new Draft()
  const usage: Json = {}
  let model: string | undefined
  for (const item of items) {
    const message = isObject(item.message) ? item.message : item.type === 'message' ? item : {}
    model ??= asText(message.model)
    // The last event counts the tokens again. What it does not count stays as an earlier event counted it.
    Object.assign(usage, withoutNulls(item.usage ?? message.usage))
    for (const block of asObjects(message.content)) readBlock(block, draft)
    readEvent(item, draft)
    draft.finish(message.stop_reason ?? at(item, 'delta', 'stop_reason'))
  }
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens } = usage
  return {
    answers: draft.toAnswers(),
    // Only Anthropic leaves the cached tokens out of its input tokens.
    usage: usageOf(sum(input_tokens, cache_creation_input_tokens, cache_read_input_tokens), output_tokens),
    model,
  }
}

function readEvent(event: Json, draft: Draft): void {
  const index = asNumber(event.index) ?? 0
  const block = event.content_block
  if (isObject(block)) readBlock(block, draft, index)
  const delta = isObject(event.delta) ? event.delta : {}
  draft.addText(delta.text)
  draft.addReasoning(delta.thinking)
  if (typeof delta.partial_json === 'string') draft.addToolCall(index, { text: delta.partial_json })
}

function readBlock(block: Json, draft: Draft, index?: number): Message | undefined {
  const type = asText(block.type) ?? 'text'
  if (type === 'tool_result')
    return { role: 'tool', text: plainText(block.content), toolCallId: asText(block.tool_use_id) }
  if (type === 'text') draft.addText(block.text)
  else if (type === 'thinking') draft.addReasoning(block.thinking)
  else if (type.endsWith('tool_use')) {
    const call = { id: block.id, name: block.name, arguments: block.input, hosted: type !== 'tool_use' }
    if (index === undefined) draft.addWholeToolCall(call)
    else draft.addToolCall(index, call)
  } else if (!/thinking|_tool_result$/.test(type)) draft.attachments.push(attachmentName(block))
  return undefined
}

function withoutNulls(usage: unknown): Json {
  return isObject(usage)
    ? Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null))
    : {}
}
