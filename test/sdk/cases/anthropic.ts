import Anthropic from '@anthropic-ai/sdk'
import { dump, wire } from '../body.ts'
import { collect, type SdkCase } from '../sdk-case.ts'

const sdk = ['@anthropic-ai/sdk']
const question = {
  model: 'claude-sonnet-4-6',
  max_tokens: 4096,
  messages: [{ role: 'user' as const, content: 'What is 65465-6544 * 65464-6+1.02255?' }],
}
const messages = (origin: string) =>
  new Anthropic({ baseURL: origin, apiKey: 'test', maxRetries: 0 }).messages

export const anthropic: SdkCase[] = [
  {
    sdk,
    call: 'messages.create',
    plays: [dump('ollama/messages.json.3a9e326990.json')],
    run: origin => messages(origin).create(question),
    shows: '"stop_reason":"max_tokens"',
  },
  {
    sdk,
    call: 'messages.create, stream',
    plays: [wire('api.anthropic.com__messages__200__01.sse')],
    run: async origin => collect(await messages(origin).create({ ...question, stream: true })),
    shows: 'message_stop',
  },
  {
    sdk,
    call: 'messages.stream(), thinking and server tools',
    plays: [wire('api.anthropic.com__messages__200__03.sse')],
    run: async origin => {
      const stream = messages(origin).stream(question)
      const events = await collect(stream)
      return { events, message: await stream.finalMessage() }
    },
    shows: '"type":"thinking"',
  },
  {
    sdk,
    call: 'messages.create, HTTP 400',
    plays: [wire('api.anthropic.com__messages__400__01.json')],
    run: origin => messages(origin).create(question),
    shows: '"status":400',
  },
]
