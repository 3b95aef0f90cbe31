import { readChoices } from './openai-chat.ts'
import { plainText } from './content.ts'
import type { Api } from './api.ts'

/** `POST /v1/completions`, and fill-in-the-middle: a prompt instead of messages. */
export const openaiCompletions: Api = {
  name: 'openai-completions',
  isResponse: item =>
    item.object === 'text_completion' ||
    (Array.isArray(item.choices) && item.choices.length > 0 && item.choices.every(isText)),
  isRequest: body => 'prompt' in body,
  readRequest: body => {
    const suffix = typeof body.suffix === 'string' && body.suffix !== '' ? `…${body.suffix}` : ''
    const prompts = Array.isArray(body.prompt) ? body.prompt : [body.prompt]
    return prompts.map(prompt => ({ role: 'user', text: `${plainText(prompt) ?? ''}${suffix}` || undefined }))
  },
  readResponse: readChoices,
}

function isText(choice: unknown): boolean {
  return (
    typeof choice === 'object' &&
    choice !== null &&
    'text' in choice &&
    !('delta' in choice || 'message' in choice)
  )
}
