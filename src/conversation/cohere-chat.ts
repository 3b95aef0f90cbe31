import { asNumber, asObjects, asText, at, isObject, type Json } from '../wire/json.ts'
import type { Api } from './api.ts'
import { partsOf } from './content.ts'
import { Draft } from './draft.ts'
import { readMessage } from './openai-chat.ts'
import { usageOf } from './usage.ts'

const eventType =
  /^(?:message-(?:start|end)|content-(?:start|delta|end)|tool-plan-delta|tool-call-(?:start|delta|end)|citation-(?:start|end))$/

/** Cohere's `POST /v2/chat`. */
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
    return { answers: [draft.toAnswer()], usage: usageOf(usage.input_tokens, usage.output_tokens) }
  },
}

/** A body holds the message, an event holds a piece of it. */
function readItem(item: Json, draft: Draft): void {
  const message = at(item, 'delta', 'message') ?? item.message
  draft.addReasoning(at(message, 'tool_plan'))
  for (const part of partsOf(at(message, 'content'))) {
    draft.addReasoning(part.thinking)
    draft.addText(part.text)
  }
  for (const [position, call] of [at(message, 'tool_calls') ?? []].flat().filter(isObject).entries())
    draft.addToolCall(asNumber(item.index) ?? position, {
      id: call.id,
      name: at(call, 'function', 'name'),
      text: at(call, 'function', 'arguments'),
    })
  draft.finish(at(item, 'delta', 'finish_reason') ?? item.finish_reason)
}
