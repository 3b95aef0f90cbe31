import { readChoices } from './chat-completions.ts'
import { plainText } from './content.ts'
import type { Shape } from './shape.ts'

/** `POST /v1/completions`, and fill-in-the-middle: a prompt instead of messages. */
export const completions: Shape = {
  name: 'completions',
  answers: item =>
    item.object === 'text_completion' ||
    (Array.isArray(item.choices) && item.choices.length > 0 && item.choices.every(isText)),
  asks: body => 'prompt' in body,
  messages: body => {
    const suffix = typeof body.suffix === 'string' && body.suffix !== '' ? `…${body.suffix}` : ''
    const prompts = Array.isArray(body.prompt) ? body.prompt : [body.prompt]
    return prompts.map(prompt => ({ role: 'user', text: `${plainText(prompt) ?? ''}${suffix}` || undefined }))
  },
  read: readChoices,
}

function isText(choice: unknown): boolean {
  return (
    typeof choice === 'object' &&
    choice !== null &&
    'text' in choice &&
    !('delta' in choice || 'message' in choice)
  )
}
