import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import {
  embed,
  generateObject,
  generateText,
  jsonSchema,
  streamText,
  tool,
  type LanguageModel,
  type TextStreamPart,
  type ToolSet,
} from 'ai'
import { dump, firstEvent, lastResponse, made, wire } from '../body.ts'
import { collect, type SdkCase } from '../sdk-case.ts'

const openai = (origin: string) => createOpenAI({ baseURL: `${origin}/v1`, apiKey: 'test' })
const claude = (origin: string) =>
  createAnthropic({ baseURL: `${origin}/v1`, apiKey: 'test' })('claude-sonnet-4-6')
const gemini = (origin: string) =>
  createGoogle({ baseURL: `${origin}/v1beta`, apiKey: 'test' })('gemini-3-flash-preview')

const prompt = 'Tell me'
const tools = {
  get_weather: tool({
    description: 'Get weather for a location',
    inputSchema: jsonSchema<{ location: string }>({
      type: 'object',
      properties: { location: { type: 'string' } },
    }),
    outputSchema: jsonSchema<string>({ type: 'string' }),
  }),
}

async function generated(model: LanguageModel, more: { tools?: typeof tools } = {}): Promise<unknown> {
  const result = await generateText({ model, prompt, maxRetries: 0, ...more })
  const { text, reasoningText, toolCalls, finishReason, usage, providerMetadata, response } = result
  const sources = result.sources.map(({ id: _madeUp, ...source }) => source)
  const { id, modelId } = response
  return { text, reasoningText, toolCalls, finishReason, usage, sources, providerMetadata, id, modelId }
}

async function streamed(model: LanguageModel, more: { tools?: typeof tools } = {}): Promise<unknown> {
  const result = streamText({ model, prompt, maxRetries: 0, ...more, onError: () => undefined })
  return collect(result.stream, withoutClock)
}

/** HTTP headers, performance figures and what the SDK makes up itself differ from call to call, with a cassette and without. */
function withoutClock(part: TextStreamPart<ToolSet>): unknown {
  if (part.type === 'start-step') return part.type
  if (part.type === 'finish-step') return [part.type, part.finishReason, part.usage, part.providerMetadata]
  if (part.type === 'source') return { ...part, id: '' }
  return part
}

export const aiSdk: SdkCase[] = [
  {
    sdk: ['ai', '@ai-sdk/openai'],
    call: 'generateText, chat',
    plays: [dump('openai/chat_completions.json.9f035f3ea8.json')],
    run: origin => generated(openai(origin).chat('gpt-4o')),
    shows: '"finishReason":"stop"',
  },
  {
    sdk: ['ai', '@ai-sdk/openai'],
    call: 'generateText, chat, tools',
    plays: [dump('openai/chat_completions.json.79c5448ac5.json')],
    run: origin => generated(openai(origin).chat('gpt-4o'), { tools }),
    shows: '"input":{"location":"San Francisco"}',
  },
  {
    sdk: ['ai', '@ai-sdk/openai'],
    call: 'streamText, chat, parallel tool calls',
    plays: [wire('api.openai.com__chat-completions__200__02.sse')],
    run: origin => streamed(openai(origin).chat('gpt-4o'), { tools }),
    shows: 'tool-call',
  },
  {
    sdk: ['ai', '@ai-sdk/openai'],
    call: 'generateObject, chat',
    plays: [dump('openai/chat_completions.json.18c42b4dc9.json')],
    run: async origin => {
      const schema = jsonSchema({ type: 'object', properties: { first_name: { type: 'string' } } })
      const model = openai(origin).chat('gpt-4o')
      const { object, usage, finishReason } = await generateObject({ model, schema, prompt, maxRetries: 0 })
      return { object, usage, finishReason }
    },
    shows: '"object":{"first_name":"Michael"',
  },
  {
    sdk: ['ai', '@ai-sdk/openai'],
    call: 'generateText, responses',
    plays: [lastResponse('api.openai.com__responses__200__06.sse')],
    run: origin => generated(openai(origin).responses('gpt-4o')),
    shows: 'The capital of France is Paris',
  },
  {
    sdk: ['ai', '@ai-sdk/openai'],
    call: 'streamText, responses',
    plays: [wire('api.openai.com__responses__200__06.sse')],
    run: origin => streamed(openai(origin).responses('gpt-4o')),
    shows: 'text-delta',
  },
  {
    sdk: ['ai', '@ai-sdk/openai'],
    call: 'embed',
    plays: [dump('ollama/embeddings.json.a5d6285506.json')],
    run: async origin => {
      const { embedding, usage } = await embed({
        model: openai(origin).embedding('all-minilm'),
        value: 'Test',
      })
      return { embedding, usage }
    },
    shows: '0.25369987',
  },
  {
    sdk: ['ai', '@ai-sdk/openai'],
    call: 'generateText, chat, HTTP 400',
    plays: [wire('openai__chat-completions__400__01.json')],
    run: origin => generated(openai(origin).chat('gpt-4o')),
    shows: '"statusCode":400',
  },
  {
    sdk: ['ai', '@ai-sdk/anthropic'],
    call: 'generateText, thinking',
    plays: [
      made({
        id: 'msg_01',
        type: 'message',
        role: 'assistant',
        model: 'claude-sonnet-4-6',
        content: [
          { type: 'thinking', thinking: 'The user asks for a sum.', signature: 'c2lnbmVk' },
          { type: 'text', text: '6' },
        ],
        stop_reason: 'end_turn',
        stop_sequence: null,
        usage: { input_tokens: 80, output_tokens: 32 },
      }),
    ],
    run: origin => generated(claude(origin)),
    shows: '"reasoningText":"The user asks',
  },
  {
    sdk: ['ai', '@ai-sdk/anthropic'],
    call: 'streamText, thinking and server tools',
    plays: [wire('api.anthropic.com__messages__200__03.sse')],
    run: origin => streamed(claude(origin)),
    shows: 'reasoning-delta',
  },
  {
    sdk: ['ai', '@ai-sdk/google'],
    call: 'generateText',
    plays: [
      {
        ...firstEvent('aiplatform.googleapis.com__models__200__01.sse'),
        headers: { 'x-gemini-service-tier': 'flex' },
      },
    ],
    run: origin => generated(gemini(origin)),
    shows: '"serviceTier":"flex"',
  },
  {
    sdk: ['ai', '@ai-sdk/google'],
    call: 'streamText',
    plays: [wire('generativelanguage.googleapis.com__models__200__01.sse')],
    run: origin => streamed(gemini(origin)),
    shows: 'text-delta',
  },
]
