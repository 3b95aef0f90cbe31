import { attachmentName, messagesIn, partsOf, plainText } from './content.ts'
import type { Message, Reading } from './conversation.ts'
import { Draft } from './draft.ts'
import { finishReasonOf } from './finish.ts'
import { asNumber, asObjects, asText, at, isObject, type Json } from './json.ts'
import type { Api } from './api.ts'
import { usageOf } from './usage.ts'

/** `POST /v1/responses`. */
export const openaiResponses: Api = {
  name: 'openai-responses',
  isResponse: item => item.object === 'response' || (asText(item.type)?.startsWith('response.') ?? false),
  isRequest: (body, path) => 'input' in body && /\/responses(?:\/|$)/.test(path),
  readRequest: body => [
    ...(asText(body.instructions) === undefined ? [] : [{ role: 'system', text: asText(body.instructions) }]),
    ...(typeof body.input === 'string'
      ? [{ role: 'user', text: body.input }]
      : asObjects(body.input).flatMap(readInput)),
  ],
  readResponse: items => {
    const response = items.map(item => (item.object === 'response' ? item : item.response)).findLast(isObject)
    const output = asObjects(response?.output)
    // ChatGPT's backend ends with an empty output: what the events said counts.
    return readingOf(response ?? {}, output.length > 0 ? output : outputOf(items))
  },
}

function readingOf(response: Json, output: Json[]): Reading {
  const draft = new Draft()
  for (const item of output) readOutput(item, draft)
  const usage = isObject(response.usage) ? response.usage : {}
  draft.finishReason = finishOf(response, draft)
  return {
    answers: draft.isEmpty && draft.finishReason === undefined ? [] : [draft.answer()],
    usage: usageOf(usage.input_tokens, usage.output_tokens, usage.total_tokens),
    model: asText(response.model),
  }
}

/** This API has no word for calling tools. */
function finishOf(response: Json, draft: Draft): string | undefined {
  if (response.status === 'completed') return draft.asksForTools ? 'tool_calls' : 'stop'
  if (response.status === 'incomplete') return finishReasonOf(at(response, 'incomplete_details', 'reason'))
  return response.status === 'failed' ? 'error' : undefined
}

/** The output as far as the events tell it: the finished items, and the pieces of what was not finished. */
function outputOf(events: Json[]): Json[] {
  const items = new Map<number, Json>()
  for (const event of events) {
    const index = asNumber(event.output_index)
    if (index === undefined) continue
    if (isObject(event.item)) items.set(index, event.item)
    else if (typeof event.delta === 'string')
      items.set(index, withDelta(items.get(index) ?? {}, asText(event.type) ?? '', event.delta))
  }
  return [...items].toSorted(([left], [right]) => left - right).map(([, item]) => item)
}

/** Pieces of summaries and refusals are text like any other: the item's type tells what they are. */
function withDelta(item: Json, type: string, delta: string): Json {
  const grown = (text: unknown) => `${asText(text) ?? ''}${delta}`
  if (type.includes('arguments')) return { ...item, arguments: grown(item.arguments) }
  if (type.includes('custom_tool_call_input')) return { ...item, input: grown(item.input) }
  if (!/output_text|refusal|reasoning/.test(type)) return item
  return { ...item, content: [{ text: grown(at(asObjects(item.content)[0], 'text')) }] }
}

function readOutput(item: Json, draft: Draft): void {
  const type = asText(item.type) ?? ''
  if (type === 'message') for (const part of partsOf(item.content)) readPart(part, draft)
  else if (type === 'reasoning') draft.addReasoning(reasoningOf(item))
  else if (type.endsWith('_call')) draft.addWholeCall(callOf(item, type))
}

/** The text itself where the model shows it, the summary where it does not. */
function reasoningOf(item: Json): string | undefined {
  const joined = (list: unknown, by: string) =>
    asText(
      asObjects(list)
        .flatMap(part => asText(part.text) ?? [])
        .join(by),
    )
  return joined(item.content, '') ?? joined(item.summary, '\n')
}

/** The app runs `function_call` and `custom_tool_call`; `web_search_call` and its like are the provider's own. */
function callOf(item: Json, type: string) {
  const hosted = type !== 'function_call' && type !== 'custom_tool_call'
  const queries = Array.isArray(item.queries) ? { queries: item.queries } : undefined
  return {
    id: asText(item.call_id) ?? item.id,
    name: asText(item.name) ?? type.replace(/_call$/, ''),
    arguments: asText(item.arguments) ?? item.input ?? item.action ?? queries,
    hosted,
  }
}

function readPart(part: Json, draft: Draft): undefined {
  if (typeof part.refusal === 'string') draft.addText(part.refusal)
  else if (typeof part.text === 'string') draft.addText(part.text)
  else draft.attachments.push(attachmentName(part))
}

function readInput(item: Json): Message[] {
  const type = asText(item.type) ?? 'message'
  if (type === 'message') return messagesIn(asText(item.role) ?? 'user', item.content, readPart)
  if (type.endsWith('_output'))
    return [{ role: 'tool', text: plainText(item.output), toolCallId: asText(item.call_id) }]
  const draft = new Draft()
  readOutput(item, draft)
  return draft.isEmpty ? [] : [draft.message('assistant')]
}
