import { asNumber, asObjects, asText, at, isObject, type Json } from '../wire/json.ts'
import type { Api } from './api.ts'
import { attachmentName, messagesIn, partsOf, plainText } from './content.ts'
import type { Message, Usage } from './conversation.ts'
import { Choices, type Draft } from './draft.ts'
import { sum, usageOf } from './usage.ts'

/** Gemini's `POST …/models/<model>:generateContent` and `:streamGenerateContent`, whose contents have parts. */
export const geminiGenerate: Api = {
  name: 'gemini-generate',
  isResponse: item =>
    Array.isArray(item.candidates) || isObject(item.usageMetadata) || isObject(item.promptFeedback),
  isRequest: body => 'contents' in body,
  readRequest: body => {
    const system = body.systemInstruction ?? body.system_instruction
    const contents = typeof body.contents === 'string' ? [{ parts: body.contents }] : [body.contents].flat()
    return [
      ...(system === undefined ? [] : [{ role: 'system', text: plainText(at(system, 'parts') ?? system) }]),
      ...asObjects(contents).flatMap(({ role, parts }) =>
        messagesIn(role === 'model' ? 'assistant' : (asText(role) ?? 'user'), parts, readPart),
      ),
    ]
  },
  readResponse: items => {
    const choices = new Choices()
    for (const item of items) readCandidates(item, choices)
    return {
      answers: choices.toAnswers(),
      usage: items.map(readUsage).findLast(usage => usage !== undefined),
      model: items.map(item => asText(item.modelVersion)).find(model => model !== undefined),
    }
  },
}

function readCandidates(item: Json, choices: Choices): void {
  if (asText(at(item, 'promptFeedback', 'blockReason'))) choices.draftOf(0).finish('content_filter')
  for (const [position, candidate] of asObjects(item.candidates).entries()) {
    const draft = choices.draftOf(asNumber(candidate.index) ?? position)
    for (const part of partsOf(at(candidate, 'content', 'parts'))) readPart(part, draft)
    draft.finishOrCallTools(candidate.finishReason)
  }
}

function readPart(part: Json, draft: Draft): Message | undefined {
  const { functionCall: call, functionResponse: result, executableCode: code } = part
  if (isObject(result))
    return {
      role: 'tool',
      text: plainText(result.response),
      toolCallId: asText(result.id) ?? asText(result.name),
    }
  if (isObject(call)) draft.addWholeToolCall({ id: call.id, name: call.name, arguments: call.args })
  else if (isObject(code)) draft.addWholeToolCall({ name: 'code_execution', arguments: code, hosted: true })
  else if (typeof part.text !== 'string') addAttachment(part, draft)
  else if (part.thought === true) draft.addReasoning(part.text)
  else draft.addText(part.text)
  return undefined
}

/** A part that holds nothing but the signature of a thought is no attachment. */
function addAttachment(part: Json, draft: Draft): void {
  if (Object.values(part).some(isObject)) draft.attachments.push(attachmentName(part))
}

/** Gemini counts thoughts beside the answer's tokens, and results of its own tools beside the prompt's. Others include them. */
function readUsage({ usageMetadata: usage }: Json): Usage | undefined {
  if (!isObject(usage)) return undefined
  return usageOf(
    sum(usage.promptTokenCount, usage.toolUsePromptTokenCount),
    sum(usage.candidatesTokenCount, usage.thoughtsTokenCount),
    usage.totalTokenCount,
  )
}
