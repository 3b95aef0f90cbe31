import OpenAI, { AzureOpenAI, toFile } from 'openai'
import OpenAI6 from 'openai6'
import { dump, gzipped, lastResponse, made, madeBytes, wire } from '../body.ts'
import { collect, type SdkCase } from '../sdk-case.ts'

const model = 'gpt-4o'
const messages = [{ role: 'user' as const, content: 'Tell me' }]
const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { location: { type: 'string' } } },
  },
}
const responseStream = 'api.openai.com__responses__200__06.sse'

/** Both versions have these calls, with the same types as far as they are used here. */
function casesOf(dependency: string, Client: typeof OpenAI): SdkCase[] {
  const sdk = [dependency]
  const client = (origin: string) => new Client({ baseURL: `${origin}/v1`, apiKey: 'test', maxRetries: 0 })
  return [
    {
      sdk,
      call: 'chat.completions.create',
      plays: [dump('openai/chat_completions.json.9f035f3ea8.json')],
      run: origin => client(origin).chat.completions.create({ model, messages }),
      shows: '"finish_reason":"stop"',
    },
    {
      sdk,
      call: 'chat.completions.create, gzip',
      plays: [gzipped(dump('openai/chat_completions.json.9f035f3ea8.json'))],
      run: origin => client(origin).chat.completions.create({ model, messages }),
      shows: '"finish_reason":"stop"',
    },
    {
      sdk,
      call: 'chat.completions.create().withResponse(): the request id',
      plays: [dump('openai/chat_completions.json.9f035f3ea8.json')],
      run: async origin => {
        const call = client(origin).chat.completions.create({ model, messages })
        const { data, request_id, response } = await call.withResponse()
        return { data, request_id, status: response.status, type: response.headers.get('content-type') }
      },
      shows: '"request_id":"req_1","status":200',
    },
    {
      sdk,
      call: 'chat.completions.create, stream, gzip',
      plays: [gzipped(wire('api.openai.com__chat-completions__200__02.sse'))],
      run: async origin =>
        collect(await client(origin).chat.completions.create({ model, messages, stream: true })),
      shows: '"finish_reason":"tool_calls"',
    },
    {
      sdk,
      call: 'chat.completions.create, tools',
      plays: [dump('openai/chat_completions.json.79c5448ac5.json')],
      run: origin => client(origin).chat.completions.create({ model, messages, tools: [weather] }),
      shows: 'San Francisco',
    },
    {
      sdk,
      call: 'chat.completions.parse',
      plays: [dump('openai/chat_completions.json.18c42b4dc9.json')],
      run: origin =>
        client(origin).chat.completions.parse({
          model,
          messages,
          response_format: { type: 'json_schema', json_schema: { name: 'person', schema: {} } },
        }),
      shows: '"parsed":{"first_name":"Michael"',
    },
    {
      sdk,
      call: 'chat.completions.create, stream with usage',
      plays: [wire('api.openai.com__chat-completions__200__01.sse')],
      run: async origin =>
        collect(
          await client(origin).chat.completions.create({
            model,
            messages,
            stream: true,
            stream_options: { include_usage: true },
          }),
        ),
      shows: '"total_tokens":',
    },
    {
      sdk,
      call: 'chat.completions.create, stream with a refusal',
      plays: [wire('openai__chat-completions__200__03.sse')],
      run: async origin =>
        collect(await client(origin).chat.completions.create({ model, messages, stream: true })),
      shows: '"refusal":"',
    },
    {
      sdk,
      call: 'chat.completions.stream(), parallel tool calls',
      plays: [wire('api.openai.com__chat-completions__200__02.sse')],
      run: async origin => {
        const events: unknown[] = []
        const stream = client(origin).chat.completions.stream({ model, messages, tools: [weather] })
        stream.on('tool_calls.function.arguments.done', event => events.push(event))
        return { final: await stream.finalChatCompletion(), events }
      },
      shows: '"index":1',
    },
    {
      sdk,
      call: 'chat.completions.create, HTTP 400',
      plays: [wire('openai__chat-completions__400__01.json')],
      run: origin => client(origin).chat.completions.create({ model, messages, temperature: 99 }),
      shows: '"threw":"Error","message":"400',
    },
    {
      sdk,
      call: 'responses.create',
      plays: [lastResponse(responseStream)],
      run: origin => client(origin).responses.create({ model, input: 'What is the capital of France?' }),
      shows: '"output_text":"The capital of France is Paris',
    },
    {
      sdk,
      call: 'responses.create, stream',
      plays: [wire(responseStream)],
      run: async origin =>
        collect(await client(origin).responses.create({ model, input: 'Tell me', stream: true })),
      shows: 'response.file_search_call.completed',
    },
    {
      sdk,
      call: 'responses.stream(), incomplete',
      plays: [wire('openai__responses__200__03.sse')],
      run: async origin => {
        const stream = client(origin).responses.stream({ model, input: 'Add' })
        return { events: await collect(stream), final: await stream.finalResponse() }
      },
      shows: '"status":"incomplete"',
    },
    {
      sdk,
      call: 'embeddings.create',
      plays: [dump('ollama/embeddings.json.a5d6285506.json')],
      run: origin =>
        client(origin).embeddings.create({ model: 'all-minilm', input: 'Test', encoding_format: 'float' }),
      shows: '0.25369987',
    },
    {
      sdk,
      call: 'embeddings.create, base64 on the wire',
      plays: [
        made({
          object: 'list',
          data: [{ object: 'embedding', index: 0, embedding: 'AACAPgAAAL8=' }],
          usage: {},
        }),
      ],
      run: origin => client(origin).embeddings.create({ model: 'all-minilm', input: 'Test' }),
      shows: '[0.25,-0.5]',
    },
    {
      sdk,
      call: 'completions.create',
      plays: [dump('ollama/completions.json.879ec51866.json')],
      run: origin => client(origin).completions.create({ model: 'llama3.2', prompt: 'Hello, world!' }),
      shows: 'nice to meet you',
    },
    {
      sdk,
      call: 'completions.create, stream, n = 3',
      plays: [wire('api.openai.com__completions__200__01.sse')],
      run: async origin =>
        collect(
          await client(origin).completions.create({
            model: 'gpt-3.5-turbo-instruct',
            prompt: 'Hello, OpenAI!',
            n: 3,
            stream: true,
          }),
        ),
      shows: '"index":2',
    },
    {
      sdk,
      call: 'completions.create, HTTP 404',
      plays: [wire('api.openai.com__completions__404__01.json')],
      run: origin => client(origin).completions.create({ model: 'gpt-3.5-turbo', prompt: 'Hello' }),
      shows: '"status":404',
    },
    {
      sdk,
      call: 'audio.transcriptions.create (multipart)',
      plays: [made({ text: 'Hello from the file', usage: { type: 'duration', seconds: 2 } })],
      run: async origin =>
        client(origin).audio.transcriptions.create({
          model: 'whisper-1',
          file: await toFile(new Uint8Array([82, 73, 70, 70, 0, 255]), 'hello.wav', { type: 'audio/wav' }),
        }),
      shows: 'Hello from the file',
    },
    {
      sdk,
      call: 'audio.speech.create (bytes)',
      plays: [madeBytes('audio/mpeg', [255, 251, 0, 13, 10, 13, 10, 195, 40])],
      run: async origin => {
        const speech = await client(origin).audio.speech.create({
          model: 'tts-1',
          voice: 'alloy',
          input: 'Hi',
        })
        return {
          bytes: [...new Uint8Array(await speech.arrayBuffer())],
          type: speech.headers.get('content-type'),
        }
      },
      shows: '[255,251,0,13,10,13,10,195,40]',
    },
    {
      sdk,
      call: 'files.create (multipart)',
      plays: [made({ id: 'file-abc', object: 'file', bytes: 14, filename: 'rows.jsonl', purpose: 'batch' })],
      include: ['/v1/files'],
      run: async origin =>
        client(origin).files.create({
          purpose: 'batch',
          file: await toFile(Buffer.from('{"custom_id":1}'), 'rows.jsonl'),
        }),
      shows: 'file-abc',
    },
  ]
}

const azure: SdkCase = {
  sdk: ['openai'],
  call: 'AzureOpenAI chat.completions.create, stream',
  plays: [wire('api.openai.com__chat-completions__200__01.sse')],
  run: async origin => {
    const client = new AzureOpenAI({
      endpoint: origin,
      apiKey: 'test',
      apiVersion: '2024-10-21',
      deployment: 'gpt',
    })
    return collect(await client.chat.completions.create({ model, messages, stream: true }))
  },
  shows: '"finish_reason":"length"',
}

export const openai: SdkCase[] = [
  ...casesOf('openai', OpenAI),
  azure,
  // The same class, as far as these calls go.
  ...casesOf('openai6', OpenAI6 as unknown as typeof OpenAI),
]
