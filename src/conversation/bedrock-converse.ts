import { asNumber, asText, at, isObject, type Json } from '../wire/json.ts'
import type { Api } from './api.ts'
import { attachmentName, partsOf, plainText, systemAndMessages } from './content.ts'
import type { Message, Reading } from './conversation.ts'
import { Draft } from './draft.ts'
import { sum, usageOf } from './usage.ts'

const eventTypes = [
  'messageStart',
  'contentBlockStart',
  'contentBlockDelta',
  'contentBlockStop',
  'messageStop',
]

/** Bedrock's `POST /model/<model>/converse` and `/converse-stream`. Amazon's models speak it under `/invoke` too. */
export const bedrockConverse: Api = {
  name: 'bedrock-converse',
  // Bodies of other APIs have a field `metadata` too, but no usage in it.
  isResponse: item =>
    isObject(at(item, 'output', 'message')) ||
    isObject(at(item, 'metadata', 'usage')) ||
    eventTypes.some(type => isObject(item[type])),
  isRequest: (body, path) => /\/model\/[^/]+\/(?:converse|invoke)/.test(path) && Array.isArray(body.messages),
  readRequest: body => systemAndMessages(body, readBlock),
  readResponse,
}

function readResponse(items: Json[]): Reading {
  const draft = new Draft()
  let usage: Json = {}
  for (const item of items) {
    for (const part of partsOf(at(item, 'output', 'message', 'content'))) readBlock(part, draft)
    readEvent(item, draft)
    draft.finish(item.stopReason ?? at(item, 'messageStop', 'stopReason'))
    const counted = item.usage ?? at(item, 'metadata', 'usage')
    if (isObject(counted)) usage = counted
  }
  const input = sum(
    usage.inputTokens,
    usage.cacheReadInputTokens ?? usage.cacheReadInputTokenCount,
    usage.cacheWriteInputTokens ?? usage.cacheWriteInputTokenCount,
  )
  return { answers: [draft.toAnswer()], usage: usageOf(input, usage.outputTokens, usage.totalTokens) }
}

function readEvent(event: Json, draft: Draft): void {
  const { contentBlockStart: start, contentBlockDelta: delta } = event
  const index = asNumber(at(delta ?? start, 'contentBlockIndex')) ?? 0
  const tool = at(start, 'start', 'toolUse')
  if (isObject(tool)) draft.addToolCall(index, { id: tool.toolUseId, name: tool.name })
  draft.addText(at(delta, 'delta', 'text'))
  draft.addReasoning(at(delta, 'delta', 'reasoningContent', 'text'))
  const given = at(delta, 'delta', 'toolUse', 'input')
  if (given !== undefined)
    draft.addToolCall(index, typeof given === 'string' ? { text: given } : { arguments: given })
}

function readBlock(block: Json, draft: Draft): Message | undefined {
  const { toolUse: call, toolResult: result, reasoningContent: reasoning } = block
  if (isObject(result))
    return { role: 'tool', text: resultText(result.content), toolCallId: asText(result.toolUseId) }
  if (isObject(call)) draft.addWholeToolCall({ id: call.toolUseId, name: call.name, arguments: call.input })
  else if (isObject(reasoning)) draft.addReasoning(at(reasoning, 'reasoningText', 'text'))
  else if (typeof block.text === 'string') draft.addText(block.text)
  else if (!('cachePoint' in block)) draft.attachments.push(attachmentName(block))
  return undefined
}

function resultText(content: unknown): string | undefined {
  const [only, ...more] = partsOf(content)
  return only !== undefined && more.length === 0 && 'json' in only
    ? JSON.stringify(only.json)
    : plainText(content)
}
