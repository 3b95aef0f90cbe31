import { asObjects, asText, isObject, type Json } from '../wire/json.ts'
import type { Api } from './api.ts'
import type { Message } from './conversation.ts'
import { Draft } from './draft.ts'
import { readMessage } from './openai-chat.ts'
import { usageOf } from './usage.ts'

/** Ollama's `POST /api/chat` and `/api/generate`, which answer in lines of JSON of which the last is `done`. */
export const ollamaChat: Api = {
  name: 'ollama-chat',
  isResponse: item => 'done' in item && (isObject(item.message) || typeof item.response === 'string'),
  isRequest: (_body, path) => /\/api\/(?:chat|generate)$/.test(path),
  readRequest: body => [
    ...(asText(body.system) === undefined ? [] : [{ role: 'system', text: asText(body.system) }]),
    ...('prompt' in body ? [withImages({ role: 'user', text: asText(body.prompt) }, body)] : []),
    ...asObjects(body.messages).flatMap(message =>
      readMessage(message).map(read => withImages(read, message)),
    ),
  ],
  readResponse: items => {
    const draft = new Draft()
    for (const item of items) readLine(item, draft)
    const last = items.findLast(({ done }) => done === true) ?? {}
    draft.finishOrCallTools(last.done_reason)
    return {
      answers: [draft.toAnswer()],
      usage: usageOf(last.prompt_eval_count, last.eval_count),
      model: items.map(({ model }) => asText(model)).find(model => model !== undefined),
    }
  },
}

function readLine(line: Json, draft: Draft): void {
  const message = isObject(line.message) ? line.message : { ...line, content: line.response }
  draft.addReasoning(message.thinking)
  draft.addText(message.content)
  // A tool call stands whole in one line.
  for (const call of asObjects(message.tool_calls)) {
    const { name, arguments: given } = isObject(call.function) ? call.function : {}
    draft.addWholeToolCall({ id: call.id, name, arguments: given })
  }
}

function withImages(message: Message, { images }: Json): Message {
  return Array.isArray(images) && images.length > 0
    ? { ...message, attachments: images.map(() => 'image') }
    : message
}
