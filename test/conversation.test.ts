import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { withCassette } from 'vitest-cassette/node'
import type { Recording } from '../src/cassette/schema.ts'
import { formatConversation } from '../src/conversation/format.ts'
import { readConversation } from '../src/conversation/read.ts'
import { createWorkplace } from './support/cli.ts'
import fc from './support/fast-check.ts'
import { startProvider } from './support/provider.ts'

const fixture = (name: string) => {
  const file = new URL(`../fixtures/conversations/${name}.json`, import.meta.url)
  const { request, response } = JSON.parse(readFileSync(file, 'utf8')) as Recording
  return readConversation(request, response)
}
const call = (path: string, body: unknown, response: unknown, is_streaming = false) =>
  readConversation({ method: 'POST', url: `https://llm.example.com${path}`, body }, {
    status: 200,
    body: response,
    is_streaming,
  } as Recording['response'])
const usage = (inputTokens: number, outputTokens: number, totalTokens = inputTokens + outputTokens) => ({
  inputTokens,
  outputTokens,
  totalTokens,
})

// The expected values were read from the recorded bodies by hand.
test.for([
  [
    'chat-completions-tools',
    {
      api: 'openai-chat',
      model: 'mistral-small-latest',
      usage: usage(213, 16),
      answers: [
        {
          finishReason: 'tool_calls',
          toolCalls: [
            { id: 'call_REDACTED_1', name: 'lookup_harbor_label', arguments: {} },
            { id: 'call_REDACTED_2', name: 'lookup_orchard_label', arguments: {} },
          ],
        },
      ],
    },
  ],
  [
    'chat-completions-choices',
    {
      usage: usage(20, 2),
      model: 'gpt-4o-mini',
      modelVersion: 'gpt-4o-mini-2024-07-18',
      answers: [
        { text: 'c', finishReason: 'length' },
        { text: 'c', finishReason: 'length' },
      ],
    },
  ],
  [
    'chat-completions-reasoning',
    {
      usage: usage(518, 39),
      answers: [
        {
          text: '2 - 5 = -3',
          reasoning:
            'The function returned -3, which is the correct result of 2 - 5. I should provide this answer to the user.',
          finishReason: 'stop',
        },
      ],
    },
  ],
  [
    'chat-completions-body',
    {
      model: 'gpt-5-mini',
      usage: usage(151, 88),
      answers: [
        {
          finishReason: 'tool_calls',
          toolCalls: [{ id: 'toolcall-c791119e-0', name: 'get_weather', arguments: { city: 'Tokyo' } }],
        },
      ],
    },
  ],
  [
    'completions-choices',
    {
      api: 'openai-completions',
      messages: [{ role: 'user', text: 'Hello, OpenAI!' }],
      answers: [
        { text: '\n\nHello! How can I assist you?', finishReason: 'stop' },
        { text: '\n\nHello! How can I assist you?', finishReason: 'stop' },
        { text: '\n\nHello there! How can I assist you?', finishReason: 'stop' },
      ],
    },
  ],
  [
    'responses-tool',
    {
      api: 'openai-responses',
      model: 'gpt-5.4',
      usage: usage(101, 31),
      answers: [
        {
          finishReason: 'tool_calls',
          toolCalls: [
            {
              id: 'call_REDACTED_1',
              name: 'echo',
              arguments: { message: 'Grüße aus 東京, from the "naïve café"!' },
            },
          ],
        },
      ],
    },
  ],
  [
    'responses-incomplete',
    {
      modelVersion: 'gpt-5.6-sol',
      usage: usage(83, 16),
      answers: [
        {
          finishReason: 'length',
          toolCalls: [{ id: 'call_REDACTED_1', name: 'add', arguments: '{"x":48151' }],
        },
      ],
    },
  ],
  [
    'responses-refusal',
    {
      usage: usage(43, 11),
      answers: [{ text: "I'm sorry, I can't assist with that.", finishReason: 'stop' }],
    },
  ],
  [
    'messages-stream',
    {
      api: 'anthropic-messages',
      model: 'claude-sonnet-4-6',
      usage: usage(1007, 59),
      answers: [
        {
          text:
            'The current exchange rate is **1 USD = 0.92 EUR**. This means that for every US Dollar, you get approximately ' +
            '**92 Euro cents**. Keep in mind that exchange rates fluctuate constantly, so this rate may change throughout the day.',
          finishReason: 'stop',
        },
      ],
    },
  ],
  [
    'messages-body',
    {
      model: 'gpt-oss:20b',
      usage: usage(80, 32),
      messages: [{ role: 'user', text: 'What is 3+3? Reply with just the number.' }],
      answers: [
        {
          reasoning:
            'The user asks: "What is 3+3? Reply with just the number." They want the answer. That is 6. So',
          finishReason: 'length',
        },
      ],
    },
  ],
  [
    'generate-content-stream',
    {
      api: 'gemini-generate',
      model: 'gemini-2.0-flash',
      usage: usage(79, 12, 91),
      answers: [{ text: 'The temperature in Paris is 30°C.\n', finishReason: 'stop' }],
    },
  ],
  [
    'generate-content-tool',
    {
      model: 'gemini-2.5-flash',
      answers: [
        {
          finishReason: 'tool_calls',
          toolCalls: [{ name: 'echo', arguments: { message: 'Grüße aus 東京, from the "naïve café"!' } }],
        },
      ],
    },
  ],
  [
    'interactions-stream',
    {
      api: 'gemini-interactions',
      model: 'gemini-3-flash-preview',
      // 3 tokens of output and 41 of thought.
      usage: usage(8, 44, 52),
      messages: [{ role: 'user', text: 'Reply with exactly: interaction metadata ok' }],
      answers: [{ text: 'interaction metadata ok', finishReason: 'stop' }],
    },
  ],
  [
    'api-generate-stream',
    {
      api: 'ollama-chat',
      model: 'llama3.2:3b-instruct-fp16',
      usage: usage(26, 11),
      answers: [{ text: 'The Latin word for "Sun" is Sol.', finishReason: 'stop' }],
    },
  ],
  [
    'chat-v2-stream',
    {
      api: 'cohere-chat',
      model: 'command-a-03-2025',
      usage: usage(500, 4),
      answers: [{ text: 'STREAM.', finishReason: 'stop' }],
    },
  ],
  [
    'chat-v2-tool',
    {
      usage: usage(1600, 56),
      answers: [
        {
          reasoning: 'I will use the subtract tool to calculate 2 - 5.',
          toolCalls: [{ id: 'call_REDACTED_1', name: 'subtract', arguments: { x: 2, y: 5 } }],
          finishReason: 'tool_calls',
        },
      ],
    },
  ],
  [
    'invoke-event-stream',
    {
      api: 'bedrock-converse',
      model: 'us.amazon.nova-lite-v1:0',
      usage: usage(14_928, 3),
      answers: [{ text: 'RAWSTREAM', finishReason: 'stop' }],
    },
  ],
] as const)('%s is read as its provider recorded it', ([name, expected]) => {
  const conversation = fixture(name)
  expect(conversation).toMatchObject(expected)
  expect(conversation.answers.map(answer => JSON.parse(JSON.stringify(answer)))).toEqual(expected.answers)
})

test('a request is shown with its messages, tool calls and their results', () => {
  expect(formatConversation(fixture('generate-content-stream'), { ids: true })).toMatchInlineSnapshot(`
    "system
      You are a helpful chatbot.
    user
      What is the temperature of the capital of France?
    assistant
      → get_capital({"country":"France"}) pyd_ai_0e1a07b3c2b64d2ab3ad2efbe18e1b97
    tool pyd_ai_0e1a07b3c2b64d2ab3ad2efbe18e1b97
      {"return_value":"Paris"}
    assistant
      → get_temperature({"city":"Paris"}) pyd_ai_98b25d994c5648df82f683188629229d
    tool pyd_ai_98b25d994c5648df82f683188629229d
      {"return_value":"30°C"}
    assistant
      The temperature in Paris is 30°C."
  `)
})

test('reasoning that is a part of the content is told from the text', () => {
  const chunk = (content: unknown, finish_reason: string | null = null) => ({
    choices: [{ index: 0, delta: { content }, finish_reason }],
  })
  const thinking = (text: string) => chunk([{ type: 'thinking', thinking: [{ type: 'text', text }] }])
  const body = [
    thinking('Okay'),
    thinking(', the user'),
    chunk('Look'),
    chunk(' both ways.', 'stop'),
    '[DONE]',
  ]
  expect(call('/v1/chat/completions', { messages: [] }, body, true).answers).toEqual([
    { text: 'Look both ways.', reasoning: 'Okay, the user', toolCalls: undefined, finishReason: 'stop' },
  ])
})

test('streamed blocks of thinking, text and parallel tool calls make up one answer', () => {
  const block = (index: number, content_block: object, ...deltas: object[]) => [
    { type: 'content_block_start', index, content_block },
    ...deltas.map(delta => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]
  const tool = (index: number, id: string, ...json: string[]) =>
    block(
      index,
      { type: 'tool_use', id, name: 'weather', input: {} },
      ...json.map(partial_json => ({ type: 'input_json_delta', partial_json })),
    )
  const body = [
    {
      type: 'message_start',
      message: {
        model: 'claude-x',
        usage: { input_tokens: 10, cache_read_input_tokens: 90, output_tokens: 1 },
      },
    },
    ...block(0, { type: 'thinking', thinking: '' }, { type: 'thinking_delta', thinking: 'Two cities.' }),
    { type: 'ping' },
    ...block(1, { type: 'text', text: '' }, { type: 'text_delta', text: 'Let me look.' }),
    ...tool(2, 'toolu_1', '{"city"', ':"Paris"}'),
    ...tool(3, 'toolu_2', ''),
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 25 } },
    { type: 'message_stop' },
  ]
  expect(call('/v1/messages', { model: 'claude' }, body, true)).toMatchObject({
    model: 'claude',
    modelVersion: 'claude-x',
    usage: usage(100, 25),
    answers: [
      {
        text: 'Let me look.',
        reasoning: 'Two cities.',
        finishReason: 'tool_calls',
        toolCalls: [
          { id: 'toolu_1', name: 'weather', arguments: { city: 'Paris' } },
          { id: 'toolu_2', name: 'weather', arguments: {} },
        ],
      },
    ],
  })
})

test('a Converse call that is not streamed is read with its tool results', () => {
  const request = {
    system: [{ text: 'Be brief.' }],
    messages: [
      { role: 'user', content: [{ text: 'Weather?' }, { image: { format: 'png' } }] },
      {
        role: 'assistant',
        content: [{ toolUse: { toolUseId: 't1', name: 'weather', input: { city: 'Bonn' } } }],
      },
      { role: 'user', content: [{ toolResult: { toolUseId: 't1', content: [{ json: { sky: 'blue' } }] } }] },
    ],
  }
  const response = {
    output: {
      message: {
        role: 'assistant',
        content: [{ reasoningContent: { reasoningText: { text: 'Easy.' } } }, { text: 'Blue.' }],
      },
    },
    stopReason: 'end_turn',
    usage: { inputTokens: 30, outputTokens: 2, totalTokens: 32 },
  }
  const conversation = call('/model/anthropic.claude-v1%3A0/converse', request, response)
  expect(conversation).toMatchObject({
    api: 'bedrock-converse',
    model: 'anthropic.claude-v1:0',
    usage: usage(30, 2),
  })
  expect(formatConversation(conversation)).toMatchInlineSnapshot(`
    "system
      Be brief.
    user
      Weather?
      [image]
    assistant
      → weather({"city":"Bonn"})
    tool
      {"sky":"blue"}
    assistant
      (reasoning) Easy.
      Blue."
  `)
})

test('a stream of JSON lines is read to its end, also without the last line feed', () => {
  const line = (content: string, rest: object = {}) => ({
    model: 'llama3.2',
    message: { role: 'assistant', content },
    done: false,
    ...rest,
  })
  const last = line('', { done: true, done_reason: 'stop', prompt_eval_count: 5, eval_count: 2 })
  const body = [line('Hel'), line('lo'), { __raw__: JSON.stringify(last) }]
  const request = { model: 'llama3.2', messages: [{ role: 'user', content: 'Hi', images: ['iVBORw0KGgo='] }] }
  expect(call('/api/chat', request, body, true)).toMatchObject({
    api: 'ollama-chat',
    usage: usage(5, 2),
    messages: [{ role: 'user', text: 'Hi', attachments: ['image'] }],
    answers: [{ text: 'Hello', finishReason: 'stop' }],
  })
})

test('embeddings are read as vectors with their dimensions', () => {
  const response = {
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding: Buffer.alloc(16).toString('base64') }],
    model: 'embed-1',
    usage: { prompt_tokens: 4, total_tokens: 4 },
  }
  const conversation = call('/v1/embeddings', { input: ['a text'], model: 'embed' }, response)
  expect(conversation).toMatchObject({ api: 'embeddings', usage: { inputTokens: 4, totalTokens: 4 } })
  expect(formatConversation(conversation)).toBe('input\n  a text\nembeddings\n  1 vector of 4 dimensions')
})

test('a stream that breaks off is read as far as it goes', () => {
  const body = [
    { type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning', summary: [] } },
    { type: 'response.reasoning_summary_text.delta', output_index: 0, delta: 'Hm.' },
    { type: 'response.output_item.added', output_index: 1, item: { type: 'message', content: [] } },
    { type: 'response.output_text.delta', output_index: 1, delta: 'Wash' },
    { type: 'response.output_text.delta', output_index: 1, delta: 'ing' },
  ]
  const { answers, usage } = call('/v1/responses', { input: 'Capital?' }, body, true)
  expect(answers).toMatchObject([{ text: 'Washing', reasoning: 'Hm.', finishReason: undefined }])
  expect(usage).toBeUndefined()
})

test('an error of the provider is read as a message, and not as an answer', () => {
  const request = { model: 'gpt-x', messages: [{ role: 'user', content: 'Hi' }] }
  const error = { error: { message: 'You have no quota.', type: 'insufficient_quota' } }
  const conversation = call('/v1/chat/completions', request, error)
  expect(conversation).toMatchObject({ answers: [], error: 'You have no quota.', model: 'gpt-x' })
  expect(formatConversation(conversation)).toBe('user\n  Hi\nerror\n  You have no quota.')
})

test('a body of an unknown API is an empty conversation', () => {
  expect(call('/v1/models', undefined, { object: 'list', data: [{ id: 'gpt-x' }] })).toEqual({
    answers: [],
    messages: [],
  })
})

test('characters that a terminal would act upon are shown as escapes', () => {
  const evil = call(
    '/v1/chat/completions',
    { messages: [] },
    { choices: [{ message: { content: 'ok\u001b[2J\u202egnp.exe\nfine' } }] },
  )
  expect(formatConversation(evil)).toBe('assistant\n  ok\\u001b[2J\\u202egnp.exe\n  fine')
})

const modelPaths = [
  ['/v1beta/models/gemini-2.5-flash:generateContent', 'gemini-2.5-flash'],
  ['/v1/publishers/anthropic/models/claude-sonnet-4@20250514:rawPredict', 'claude-sonnet-4@20250514'],
  ['/v1/models/gpt-x', 'gpt-x'],
  ['/openai/deployments/my-gpt/chat/completions', 'my-gpt'],
  ['/model/us.amazon.nova-lite-v1:0/converse', 'us.amazon.nova-lite-v1:0'],
  ['/model/arn%3Aaws%3Abedrock%3A%3A1%3Aprofile%2Fnova/invoke', 'arn:aws:bedrock::1:profile/nova'],
  ['/v1beta/models/100%pure:generateContent', '100%pure'],
  ['/v1beta/models/caf%C3%A9-%FF:generateContent', 'café-%FF'],
  ['/models/chat/completions', undefined],
  ['/v1/models', undefined],
] as const

test.for(modelPaths)('the address %s names the model %s', ([address, model]) => {
  expect(call(address, {}, undefined).model).toBe(model)
})

test('the model of the body counts more than that of the address', () => {
  expect(call('/openai/deployments/a/chat/completions', { model: 'b' }, undefined).model).toBe('b')
})

test('the model of a body with an integer that JavaScript cannot hold is read', () => {
  expect(call('/v1/chat/completions', '{"model":"m","seed":9007199254740993}', undefined).model).toBe('m')
})

test('every valid address can be asked for its model', () => {
  const part = fc.oneof(fc.constantFrom('/models/', '/model/', '/deployments/', ':', '%', '/'), fc.string())
  const url = fc
    .array(part)
    .map(parts => `https://llm.example.com/${parts.join('')}`)
    .filter(URL.canParse)
  fc.assert(
    fc.property(fc.oneof(url, fc.webUrl({ withQueryParameters: true })), address => {
      const { model } = readConversation({ method: 'POST', url: address })
      expect(model).not.toBe('')
    }),
  )
})

test('a call is recorded with its model, and refresh finds nothing to add', async () => {
  await using provider = await startProvider((_request, response) => void response.end('{}'))
  await using place = await createWorkplace()
  const asked = ['/openai/deployments/my-gpt/chat/completions', '/v1beta/models/100%pure:generateContent']
  const ask = async () => {
    for (const address of asked) await fetch(new URL(address, provider.url), { method: 'POST', body: '{}' })
  }
  await withCassette('models', ask, { dir: path.join(place.root, 'cassettes'), mode: 'record' })
  const { recordings } = JSON.parse(readFileSync(path.join(place.root, 'cassettes/models.json'), 'utf8'))
  expect(recordings.map(({ request }: Recording) => request.model)).toEqual(['my-gpt', '100%pure'])
  expect((await place.run(['refresh', '--dry-run'])).stdout).toBe(
    '0 files would be rewritten, of 1 cassette.\n',
  )
})
