import Anthropic from '@anthropic-ai/sdk'
import { createOpenAI } from '@ai-sdk/openai'
import { streamText } from 'ai'
import Groq from 'groq-sdk'
import OpenAI from 'openai'
import { dump, madeEvents, wire, type Body } from '../body.ts'
import { collect, type SdkCase } from '../sdk-case.ts'

const messages = [{ role: 'user' as const, content: 'Tell me' }]
const question = { model: 'gpt-4o', messages, stream: true as const }
const openai = (origin: string) => new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'test', maxRetries: 0 })
const groq = (origin: string) => new Groq({ baseURL: origin, apiKey: 'test', maxRetries: 0 })

/** The first bytes only: it ends in the middle of an event. */
const cut = (body: Body): Body => ({
  ...body,
  source: `${body.source}, cut off`,
  bytes: body.bytes.subarray(0, Math.floor(body.bytes.length * 0.6)),
})

const chat = wire('api.openai.com__chat-completions__200__01.sse')
const claude = wire('api.anthropic.com__messages__200__03.sse')

export const endings: SdkCase[] = [
  {
    sdk: ['openai'],
    call: 'stream, the provider breaks off',
    plays: [cut(chat)],
    breaksOff: true,
    run: async origin => collect(await openai(origin).chat.completions.create(question)),
    shows: '"message":"terminated"',
  },
  {
    sdk: ['@anthropic-ai/sdk'],
    call: 'messages.stream(), the provider breaks off',
    plays: [cut(claude)],
    breaksOff: true,
    run: origin => {
      const client = new Anthropic({ baseURL: origin, apiKey: 'test', maxRetries: 0 })
      return collect(client.messages.stream({ model: 'claude-sonnet-4-6', max_tokens: 64, messages }))
    },
    shows: 'terminated',
  },
  {
    sdk: ['openai'],
    call: 'stream that ends without its last events',
    plays: [cut(chat)],
    run: async origin => collect(await openai(origin).chat.completions.create(question)),
    shows: '"content":',
  },
  {
    sdk: ['groq-sdk'],
    call: 'stream, an error event inside HTTP 200',
    plays: [wire('api.groq.com__chat-completions__200__02.sse')],
    run: async origin => collect(await groq(origin).chat.completions.create(question)),
    shows: 'tool_use_failed',
  },
  {
    sdk: ['openai'],
    call: 'stream, an error in a chunk inside HTTP 200 (OpenRouter)',
    plays: [
      madeEvents([
        { id: 'gen-1', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'Wash' } }] },
        {
          id: 'gen-1',
          object: 'chat.completion.chunk',
          error: { code: 'server_error', message: 'Provider disconnected' },
          choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
        },
      ]),
    ],
    run: async origin => collect(await openai(origin).chat.completions.create(question)),
    shows: 'Provider disconnected',
  },
  {
    sdk: ['openai'],
    call: 'stream, the app aborts',
    plays: [chat],
    stallsAfter: 5,
    run: async origin => {
      const abort = new AbortController()
      const stream = await openai(origin).chat.completions.create(question, { signal: abort.signal })
      let count = 0
      return collect(stream, chunk => {
        if (++count === 5) abort.abort()
        return chunk
      })
    },
    shows: '"content":',
  },
  {
    sdk: ['@anthropic-ai/sdk'],
    call: 'messages.stream(), the app aborts',
    plays: [claude],
    stallsAfter: 5,
    run: origin => {
      const client = new Anthropic({ baseURL: origin, apiKey: 'test', maxRetries: 0 })
      const stream = client.messages.stream({ model: 'claude-sonnet-4-6', max_tokens: 64, messages })
      let count = 0
      return collect(stream, event => {
        if (++count === 4) stream.abort()
        return event
      })
    },
    shows: 'APIUserAbortError',
  },
  {
    sdk: ['ai', '@ai-sdk/openai'],
    call: 'streamText, the app aborts',
    plays: [chat],
    stallsAfter: 5,
    run: async origin => {
      const abort = new AbortController()
      const model = createOpenAI({ baseURL: `${origin}/v1`, apiKey: 'test' }).chat('gpt-4o')
      const { textStream } = streamText({
        model,
        prompt: 'Tell me',
        abortSignal: abort.signal,
        maxRetries: 0,
      })
      let count = 0
      return collect(textStream, text => {
        if (++count === 4) abort.abort()
        return text
      })
    },
    shows: "'m",
  },
  {
    sdk: ['openai'],
    call: 'stream, n = 2',
    plays: [wire('openai__chat-completions__200__01.sse')],
    run: async origin => collect(await openai(origin).chat.completions.create({ ...question, n: 2 })),
    shows: '"index":1',
  },
  {
    sdk: ['openai'],
    call: 'stream, n > 1, interleaved (Fireworks)',
    plays: [dump('fireworks/chat_completions.stream.a4952c5ea8.json')],
    run: async origin => collect(await openai(origin).chat.completions.create({ ...question, n: 2 })),
    shows: '"index":1',
  },
  {
    sdk: ['openai'],
    call: 'stream, parallel tool calls (DeepSeek)',
    plays: [wire('deepseek__chat-completions__200__03.sse')],
    run: async origin => collect(await openai(origin).chat.completions.create(question)),
    shows: 'lookup_orchard_label',
  },
  {
    sdk: ['openai'],
    call: 'stream, reasoning deltas and keep-alive comments (OpenRouter)',
    plays: [wire('openrouter.ai__chat-completions__200__03.sse')],
    run: async origin => collect(await openai(origin).chat.completions.create(question)),
    shows: '"reasoning_details":',
  },
  {
    sdk: ['groq-sdk'],
    call: 'stream, reasoning deltas, usage in the middle',
    plays: [wire('groq__chat-completions__200__03.sse')],
    run: async origin => collect(await groq(origin).chat.completions.create(question)),
    shows: '"reasoning":',
  },
  {
    sdk: ['openai'],
    call: 'responses.create, stream, reasoning text (DeepSeek)',
    plays: [wire('api.deepseek.com__responses__200__01.sse')],
    run: async origin =>
      collect(
        await openai(origin).responses.create({ model: 'deepseek-v4-flash', input: 'Tokyo?', stream: true }),
      ),
    shows: 'response.reasoning_text.delta',
  },
]
