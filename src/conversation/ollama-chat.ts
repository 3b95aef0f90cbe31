import { readMessage } from './openai-chat.ts'
import type { Message } from './conversation.ts'
import { Draft } from './draft.ts'
import { finishReasonOf } from './finish.ts'
import { asObjects, asText, isObject, type Json } from './json.ts'
import type { Api } from './api.ts'
import { usageOf } from './usage.ts'

/** `POST /api/chat` and `/api/generate`, as local servers have them: one JSON a line, the last one `done`. */
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
    const reason = finishReasonOf(last.done_reason)
    // This API has no word for calling tools.
    draft.finishReason = reason === 'stop' && draft.asksForTools ? 'tool_calls' : reason
    return {
      answers: [draft.answer()],
      usage: usageOf(last.prompt_eval_count, last.eval_count),
      model: items.map(({ model }) => asText(model)).find(model => model !== undefined),
    }
  },
}

function readLine(line: Json, draft: Draft): void {
  const said = isObject(line.message) ? line.message : line
  draft.addReasoning(said.thinking)
  draft.addText(isObject(line.message) ? said.content : line.response)
  // A call comes whole, in one line.
  for (const call of asObjects(said.tool_calls)) {
    const { name, arguments: given } = isObject(call.function) ? call.function : {}
    draft.addWholeCall({ id: call.id, name, arguments: given })
  }
}

function withImages(message: Message, { images }: Json): Message {
  return Array.isArray(images) && images.length > 0
    ? { ...message, attachments: images.map(() => 'image') }
    : message
}
