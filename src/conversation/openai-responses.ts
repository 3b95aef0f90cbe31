import { asNumber, asObjects, asText, at, isObject, type Json } from '../wire/json.ts'
import type { Api } from './api.ts'
import { attachmentName, messagesIn, partsOf, plainText } from './content.ts'
import type { Message, Reading } from './conversation.ts'
import { Draft } from './draft.ts'
import { usageOf } from './usage.ts'

/** OpenAI's `POST /v1/responses`. */
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
    // The last event of ChatGPT's backend has an empty output, so the output is put together from the events.
    return readingOf(response ?? {}, output.length > 0 ? output : outputOf(items))
  },
}

function readingOf(response: Json, output: Json[]): Reading {
  const draft = new Draft()
  for (const item of output) readOutput(item, draft)
  const usage = isObject(response.usage) ? response.usage : {}
  draft.finishOrCallTools(endOf(response))
  return {
    answers: draft.toAnswers(),
    usage: usageOf(usage.input_tokens, usage.output_tokens, usage.total_tokens),
    model: asText(response.model),
  }
}

/** The status is the reason for the end, but for a response that is incomplete or still in progress. */
function endOf({ status, incomplete_details: details }: Json): unknown {
  if (status === 'incomplete') return at(details, 'reason')
  return status === 'completed' || status === 'failed' ? status : undefined
}

/** The output items in the events: those that are finished, and those that have only begun as far as their pieces go. */
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

/** A piece of a summary or a refusal is added as text, because the type of its item tells what it is. */
function withDelta(item: Json, type: string, delta: string): Json {
  const extend = (text: unknown) => `${asText(text) ?? ''}${delta}`
  if (type.includes('arguments')) return { ...item, arguments: extend(item.arguments) }
  if (type.includes('custom_tool_call_input')) return { ...item, input: extend(item.input) }
  if (!/output_text|refusal|reasoning/.test(type)) return item
  return { ...item, content: [{ text: extend(at(asObjects(item.content)[0], 'text')) }] }
}

function readOutput(item: Json, draft: Draft): void {
  const type = asText(item.type) ?? ''
  if (type === 'message') for (const part of partsOf(item.content)) readPart(part, draft)
  else if (type === 'reasoning') draft.addReasoning(reasoningOf(item))
  else if (type.endsWith('_call')) draft.addWholeToolCall(toolCallOf(item, type))
}

/** The reasoning itself where the model shows it, else its summary. */
function reasoningOf(item: Json): string | undefined {
  const textsOf = (list: unknown) => asObjects(list).flatMap(part => asText(part.text) ?? [])
  return asText(textsOf(item.content).join('')) ?? asText(textsOf(item.summary).join('\n'))
}

/** The app runs `function_call` and `custom_tool_call`; the provider runs `web_search_call` and all others. */
function toolCallOf(item: Json, type: string) {
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
  return draft.isEmpty ? [] : [draft.toMessage('assistant')]
}
