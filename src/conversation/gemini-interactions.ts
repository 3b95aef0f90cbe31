import { asNumber, asObjects, asText, at, isObject, type Json } from '../wire/json.ts'
import type { Api } from './api.ts'
import { attachmentName, messagesIn, partsOf, plainText } from './content.ts'
import type { Message, Reading } from './conversation.ts'
import { Draft } from './draft.ts'
import { sum, usageOf } from './usage.ts'

/** Gemini's `POST /v1beta/interactions`, whose answer is a list of steps. */
export const geminiInteractions: Api = {
  name: 'gemini-interactions',
  isResponse: item => item.object === 'interaction' || typeof item.event_type === 'string',
  isRequest: (body, path) => 'input' in body && path.endsWith('/interactions'),
  readRequest: body => [
    ...(body.system_instruction === undefined
      ? []
      : [{ role: 'system', text: plainText(body.system_instruction) }]),
    ...readInput(body.input),
  ],
  readResponse: items => {
    const draft = new Draft()
    for (const item of items) readEvent(item, draft)
    const last = items
      .map(item => (item.object === 'interaction' ? item : item.interaction))
      .findLast(isObject)
    for (const step of asObjects(last?.steps ?? last?.outputs)) readStep(step, draft)
    return readInteraction(last ?? {}, draft)
  },
}

function readInteraction(interaction: Json, draft: Draft): Reading {
  const usage = isObject(interaction.usage) ? interaction.usage : {}
  if (interaction.status !== 'in_progress') draft.finishOrCallTools(interaction.status)
  return {
    answers: draft.toAnswers(),
    usage: usageOf(
      sum(usage.total_input_tokens, usage.total_tool_use_tokens),
      sum(usage.total_output_tokens, usage.total_thought_tokens),
      usage.total_tokens,
    ),
    model: asText(interaction.model),
  }
}

function readEvent(event: Json, draft: Draft): void {
  const key = `step ${asNumber(event.index) ?? 0}`
  if (isObject(event.step)) readStep(event.step, draft, key)
  if (!isObject(event.delta)) return
  const { type, text, content, arguments: given, ...delta } = event.delta
  if (type === 'text') draft.addText(text)
  else if (type === 'thought_summary') draft.addReasoning(at(content, 'text') ?? text)
  else if (given !== undefined || type === 'function_call')
    draft.addToolCall(key, {
      id: delta.id,
      name: delta.name,
      ...(typeof given === 'string' ? { text: given } : { arguments: given }),
    })
}

function readStep(step: Json, draft: Draft, key?: string): void {
  const type = asText(step.type) ?? ''
  if (type.endsWith('_call')) {
    const call = {
      id: step.id,
      name: asText(step.name) ?? type.replace(/_call$/, ''),
      arguments: step.arguments,
      hosted: type !== 'function_call',
    }
    if (key === undefined) draft.addWholeToolCall(call)
    else draft.addToolCall(key, call)
  } else if (type === 'thought') for (const part of partsOf(step.summary)) draft.addReasoning(part.text)
  else for (const part of partsOf(step.content ?? step.text)) readPart(part, draft)
}

function readPart(part: Json, draft: Draft): undefined {
  if (typeof part.text === 'string') draft.addText(part.text)
  else draft.attachments.push(attachmentName(part))
}

/** The input is a text, or a list of steps, of messages with a role, or of bare parts. */
function readInput(input: unknown): Message[] {
  if (typeof input === 'string') return [{ role: 'user', text: input }]
  return [input]
    .flat()
    .filter(isObject)
    .flatMap(item => {
      if (asText(item.type)?.endsWith('_result'))
        return [{ role: 'tool', text: plainText(item.result), toolCallId: asText(item.call_id) }]
      const isModels =
        item.role === 'model' || /^(?:model_output|thought|.*_call)$/.test(asText(item.type) ?? '')
      if (!isModels) return messagesIn(asText(item.role) ?? 'user', item.content ?? item, readPart)
      const draft = new Draft()
      readStep(item, draft)
      return [draft.toMessage('assistant')]
    })
}
