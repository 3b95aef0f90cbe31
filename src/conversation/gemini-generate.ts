import { attachmentName, messagesIn, partsOf, plainText } from './content.ts'
import type { Message, Usage } from './conversation.ts'
import { Drafts, type Draft } from './draft.ts'
import { finishReasonOf } from './finish.ts'
import { asNumber, asObjects, asText, at, isObject, type Json } from './json.ts'
import type { Api } from './api.ts'
import { sum, usageOf } from './usage.ts'

/** `POST …/models/<model>:generateContent` and `:streamGenerateContent`: contents that have parts. */
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
    const drafts = new Drafts()
    for (const item of items) readCandidates(item, drafts)
    return {
      answers: drafts.answers(),
      usage: items.map(readUsage).findLast(usage => usage !== undefined),
      model: items.map(item => asText(item.modelVersion)).find(model => model !== undefined),
    }
  },
}

function readCandidates(item: Json, drafts: Drafts): void {
  if (asText(at(item, 'promptFeedback', 'blockReason'))) drafts.at(0).finishReason = 'content_filter'
  for (const [place, candidate] of asObjects(item.candidates).entries()) {
    const draft = drafts.at(asNumber(candidate.index) ?? place)
    for (const part of partsOf(at(candidate, 'content', 'parts'))) readPart(part, draft)
    const reason = finishReasonOf(candidate.finishReason) ?? draft.finishReason
    // This API has no word for calling tools.
    draft.finishReason = reason === 'stop' && draft.asksForTools ? 'tool_calls' : reason
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
  if (isObject(call)) draft.addWholeCall({ id: call.id, name: call.name, arguments: call.args })
  else if (isObject(code)) draft.addWholeCall({ name: 'code_execution', arguments: code, hosted: true })
  else if (typeof part.text !== 'string') addAttachment(part, draft)
  else if (part.thought === true) draft.addReasoning(part.text)
  else draft.addText(part.text)
  return undefined
}

/** A part may hold nothing but the signature of a thought. */
function addAttachment(part: Json, draft: Draft): void {
  if (Object.values(part).some(isObject)) draft.attachments.push(attachmentName(part))
}

/** Thoughts and the results of the provider's own tools are counted beside the rest here, and among it elsewhere. */
function readUsage({ usageMetadata: usage }: Json): Usage | undefined {
  if (!isObject(usage)) return undefined
  return usageOf(
    sum(usage.promptTokenCount, usage.toolUsePromptTokenCount),
    sum(usage.candidatesTokenCount, usage.thoughtsTokenCount),
    usage.totalTokenCount,
  )
}
