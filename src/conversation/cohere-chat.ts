import { readMessage } from './openai-chat.ts'
import { partsOf } from './content.ts'
import { Draft } from './draft.ts'
import { finishReasonOf } from './finish.ts'
import { asNumber, asObjects, asText, at, isObject, type Json } from './json.ts'
import type { Api } from './api.ts'
import { usageOf } from './usage.ts'

const eventType =
  /^(?:message-(?:start|end)|content-(?:start|delta|end)|tool-plan-delta|tool-call-(?:start|delta|end)|citation-(?:start|end))$/

/** `POST /v2/chat`: events with dashes in their types, finish reasons in capitals. */
export const cohereChat: Api = {
  name: 'cohere-chat',
  isResponse: item =>
    eventType.test(asText(item.type) ?? '') || (isObject(item.message) && 'finish_reason' in item),
  isRequest: (_body, path) => path.endsWith('/v2/chat'),
  readRequest: body =>
    asObjects(body.messages)
      .flatMap(readMessage)
      .map((message, index) => ({
        ...message,
        reasoning: message.reasoning ?? asText(at(asObjects(body.messages)[index], 'tool_plan')),
      })),
  readResponse: items => {
    const draft = new Draft()
    const usage: Json = {}
    for (const item of items) {
      readItem(item, draft)
      const counted = at(item.delta ?? item, 'usage')
      Object.assign(usage, at(counted, 'tokens') ?? at(counted, 'billed_units'))
    }
    return { answers: [draft.answer()], usage: usageOf(usage.input_tokens, usage.output_tokens) }
  },
}

/** A body has the message itself, an event has the piece of it that is new. */
function readItem(item: Json, draft: Draft): void {
  const said = at(item, 'delta', 'message') ?? item.message
  draft.addReasoning(at(said, 'tool_plan'))
  for (const part of partsOf(at(said, 'content'))) {
    draft.addReasoning(part.thinking)
    draft.addText(part.text)
  }
  for (const [place, call] of [at(said, 'tool_calls') ?? []].flat().filter(isObject).entries())
    draft.addCall(asNumber(item.index) ?? place, {
      id: call.id,
      name: at(call, 'function', 'name'),
      text: at(call, 'function', 'arguments'),
    })
  const reason = at(item, 'delta', 'finish_reason') ?? item.finish_reason
  draft.finishReason = finishReasonOf(reason) ?? draft.finishReason
}
