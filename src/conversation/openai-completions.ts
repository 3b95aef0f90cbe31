import { isObject } from '../wire/json.ts'
import type { Api } from './api.ts'
import { plainText } from './content.ts'
import { readChoices } from './openai-chat.ts'

/** OpenAI's older `POST /v1/completions`, with a prompt. Mistral's `/v1/fim/completions` is asked in this form too. */
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
  return isObject(choice) && 'text' in choice && !('delta' in choice || 'message' in choice)
}
