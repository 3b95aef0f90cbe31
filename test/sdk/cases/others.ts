import { Cerebras } from '@cerebras/cerebras_cloud_sdk'
import { AIMessageChunk, HumanMessage } from '@langchain/core/messages'
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { Mistral } from '@mistralai/mistralai'
import { CohereClientV2 } from 'cohere-ai'
import Groq from 'groq-sdk'
import { Ollama } from 'ollama'
import Together from 'together-ai'
import { dump, gzipped, made, wire } from '../body.ts'
import { collect, type SdkCase } from '../sdk-case.ts'

const messages = [{ role: 'user' as const, content: 'Tell me' }]

const chatOpenAI = (origin: string) =>
  new ChatOpenAI({
    model: 'gpt-4o',
    apiKey: 'test',
    maxRetries: 0,
    configuration: { baseURL: `${origin}/v1` },
  })
const get_weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { location: { type: 'string' } } },
  },
}

export const langchain: SdkCase[] = [
  {
    sdk: ['@langchain/openai'],
    call: 'ChatOpenAI.invoke',
    plays: [dump('openai/chat_completions.json.9f035f3ea8.json')],
    run: async origin => (await chatOpenAI(origin).invoke([new HumanMessage('Tell me')])).toDict(),
    shows: '"finish_reason":"stop"',
  },
  {
    sdk: ['@langchain/openai'],
    call: 'ChatOpenAI.bindTools.invoke',
    plays: [dump('openai/chat_completions.json.79c5448ac5.json')],
    run: async origin => (await chatOpenAI(origin).bindTools([get_weather]).invoke('Weather?')).tool_calls,
    shows: 'San Francisco',
  },
  {
    sdk: ['@langchain/openai'],
    call: 'ChatOpenAI.stream, parallel tool calls',
    plays: [wire('api.openai.com__chat-completions__200__02.sse')],
    run: async origin =>
      collect(await chatOpenAI(origin).stream('Tell me'), chunk =>
        chunk instanceof AIMessageChunk
          ? [chunk.content, chunk.tool_call_chunks, chunk.usage_metadata]
          : chunk,
      ),
    shows: '"total_tokens":',
  },
  {
    sdk: ['@langchain/openai'],
    call: 'OpenAIEmbeddings.embedQuery',
    plays: [dump('ollama/embeddings.json.a5d6285506.json')],
    run: origin =>
      new OpenAIEmbeddings({
        apiKey: 'test',
        maxRetries: 0,
        encodingFormat: 'float',
        configuration: { baseURL: `${origin}/v1` },
      }).embedQuery('Test'),
    shows: '0.25369987',
  },
]

const groqClient = (origin: string) => new Groq({ baseURL: origin, apiKey: 'test', maxRetries: 0 })

export const groq: SdkCase[] = [
  {
    sdk: ['groq-sdk'],
    call: 'chat.completions.create',
    plays: [dump('cerebras/chat_completions.json.6bc94df525.json')],
    run: origin => groqClient(origin).chat.completions.create({ model: 'llama-3.3-70b', messages }),
    shows: 'nice to meet you',
  },
  {
    sdk: ['groq-sdk'],
    call: 'chat.completions.create, stream, reasoning and a tool call',
    plays: [wire('api.groq.com__chat-completions__200__03.sse')],
    run: async origin =>
      collect(
        await groqClient(origin).chat.completions.create({ model: 'gpt-oss-120b', messages, stream: true }),
      ),
    shows: '"reasoning":',
  },
  {
    sdk: ['groq-sdk'],
    call: 'chat.completions.create, HTTP 400',
    plays: [wire('api.groq.com__chat-completions__400__01.json')],
    run: origin => groqClient(origin).chat.completions.create({ model: 'gpt-oss-120b', messages }),
    shows: 'tool_use_failed',
  },
]

const cerebrasClient = (origin: string) => new Cerebras({ baseURL: origin, apiKey: 'test', maxRetries: 0 })

export const cerebras: SdkCase[] = [
  {
    sdk: ['@cerebras/cerebras_cloud_sdk'],
    call: 'chat.completions.create',
    plays: [dump('cerebras/chat_completions.json.6bc94df525.json')],
    run: origin => cerebrasClient(origin).chat.completions.create({ model: 'llama-3.3-70b', messages }),
    shows: 'nice to meet you',
  },
  {
    sdk: ['@cerebras/cerebras_cloud_sdk'],
    call: 'chat.completions.create, gzip',
    plays: [gzipped(dump('cerebras/chat_completions.json.6bc94df525.json'))],
    run: origin => cerebrasClient(origin).chat.completions.create({ model: 'llama-3.3-70b', messages }),
    shows: 'nice to meet you',
  },
  {
    sdk: ['@cerebras/cerebras_cloud_sdk'],
    call: 'chat.completions.create, stream',
    plays: [dump('cerebras/chat_completions.stream.376b56d8fa.json')],
    run: async origin =>
      collect(
        await cerebrasClient(origin).chat.completions.create({
          model: 'llama-3.3-70b',
          messages,
          stream: true,
        }),
      ),
    shows: '"time_info":',
  },
]

const mistralClient = (origin: string) =>
  new Mistral({ serverURL: origin, apiKey: 'test', retryConfig: { strategy: 'none' } })

export const mistral: SdkCase[] = [
  {
    sdk: ['@mistralai/mistralai'],
    call: 'chat.complete',
    plays: [
      made({
        id: '0f1e',
        object: 'chat.completion',
        created: 1758191363,
        model: 'mistral-small-latest',
        choices: [{ index: 0, message: { role: 'assistant', content: 'Bonjour' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 4, completion_tokens: 3, total_tokens: 7 },
      }),
    ],
    run: origin => mistralClient(origin).chat.complete({ model: 'mistral-small-latest', messages }),
    shows: 'Bonjour',
  },
  {
    sdk: ['@mistralai/mistralai'],
    call: 'chat.stream, parallel tool calls',
    plays: [wire('mistral__chat-completions__200__01.sse')],
    run: async origin =>
      collect(await mistralClient(origin).chat.stream({ model: 'mistral-small-latest', messages })),
    shows: 'lookup_orchard_label',
  },
  {
    sdk: ['@mistralai/mistralai'],
    call: 'fim.stream',
    plays: [wire('api.mistral.ai__completions__200__01.sse')],
    include: ['/v1/fim/completions'],
    run: async origin =>
      collect(
        await mistralClient(origin).fim.stream({ model: 'codestral-2508', prompt: 'const project = ' }),
      ),
    shows: '"finishReason":"length"',
  },
]

const ollamaClient = (origin: string) => new Ollama({ host: origin })
const include = ['/api/generate', '/api/embeddings', '/api/chat', '/v2/chat', '/v2/embed']

export const ollama: SdkCase[] = [
  {
    sdk: ['ollama'],
    call: 'generate',
    plays: [dump('ollama/api_generate.json.4fa9e21262.json')],
    include,
    run: origin => ollamaClient(origin).generate({ model: 'llama-guard3:1b', prompt: 'Hi' }),
    shows: '"done_reason":"stop"',
  },
  {
    sdk: ['ollama'],
    call: 'generate, stream',
    plays: [dump('ollama/api_generate.stream.a377e815df.json')],
    include,
    run: async origin =>
      collect(await ollamaClient(origin).generate({ model: 'llama3.2:3b', prompt: 'Sun?', stream: true })),
    shows: ' Latin',
  },
  {
    sdk: ['ollama'],
    call: 'embeddings',
    plays: [dump('ollama/api_embeddings.json.3406defae7.json')],
    include,
    run: origin => ollamaClient(origin).embeddings({ model: 'all-minilm', prompt: 'Test' }),
    shows: '"embedding',
  },
  {
    sdk: ['ollama'],
    call: 'chat, HTTP 404',
    plays: [{ ...made({ error: 'model "none" not found, try pulling it first' }), status: 404 }],
    include,
    run: origin => ollamaClient(origin).chat({ model: 'none', messages }),
    shows: 'try pulling it first',
  },
]

const cohereClient = (origin: string) => new CohereClientV2({ environment: origin, token: 'test' })

export const cohere: SdkCase[] = [
  {
    sdk: ['cohere-ai'],
    call: 'v2.chat',
    plays: [
      made({
        id: 'c14c80c3-18eb-4519-9460-6c92edd8cfb4',
        finish_reason: 'COMPLETE',
        message: { role: 'assistant', content: [{ type: 'text', text: 'Hello there' }] },
        usage: {
          billed_units: { input_tokens: 1, output_tokens: 2 },
          tokens: { input_tokens: 3, output_tokens: 2 },
        },
      }),
    ],
    include,
    run: origin => cohereClient(origin).chat({ model: 'command-a-03-2025', messages }, { maxRetries: 0 }),
    shows: 'Hello there',
  },
  {
    sdk: ['cohere-ai'],
    call: 'v2.chatStream',
    plays: [wire('api.cohere.com__v2-chat__200__02.sse')],
    include,
    run: async origin =>
      collect(await cohereClient(origin).chatStream({ model: 'command-a-03-2025', messages })),
    shows: 'STREAM',
  },
  {
    sdk: ['cohere-ai'],
    call: 'v2.chatStream, tool call',
    plays: [wire('cohere__v2-chat__200__02.sse')],
    include,
    run: async origin =>
      collect(await cohereClient(origin).chatStream({ model: 'command-a-03-2025', messages })),
    shows: 'tool-call-delta',
  },
  {
    sdk: ['cohere-ai'],
    call: 'v2.embed, HTTP 404',
    plays: [wire('cohere__embed__404__01.json')],
    include,
    run: origin =>
      cohereClient(origin).embed(
        {
          model: 'no-such-embedding-model',
          texts: ['Hi'],
          inputType: 'search_document',
          embeddingTypes: ['float'],
        },
        { maxRetries: 0 },
      ),
    shows: 'no-such-embedding-model',
  },
]

const togetherClient = (origin: string) =>
  new Together({ baseURL: `${origin}/v1`, apiKey: 'test', maxRetries: 0 })
const llama = 'meta-llama/Llama-3.3-70B-Instruct-Turbo-Free'

export const together: SdkCase[] = [
  {
    sdk: ['together-ai'],
    call: 'chat.completions.create, tools',
    plays: [dump('together/chat_completions.json.50d1066c98.json')],
    run: origin =>
      togetherClient(origin).chat.completions.create({ model: llama, messages, tools: [get_weather] }),
    shows: 'Tokyo',
  },
  {
    sdk: ['together-ai'],
    call: 'chat.completions.create, stream, tool call',
    plays: [dump('together/chat_completions.stream.5fbfe5f450.json')],
    run: async origin =>
      collect(await togetherClient(origin).chat.completions.create({ model: llama, messages, stream: true })),
    shows: 'Tokyo',
  },
  {
    sdk: ['together-ai'],
    call: 'completions.create',
    plays: [dump('together/completions.json.7db4fdce4f.json')],
    run: origin => togetherClient(origin).completions.create({ model: llama, prompt: 'Hello' }),
    shows: '"finish_reason":"stop"',
  },
]
