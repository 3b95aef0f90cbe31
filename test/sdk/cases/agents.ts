import { createOpenAI } from '@ai-sdk/openai'
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai'
import OpenAI from 'openai'
import { made, madeEvents, type Body } from '../body.ts'
import { collect, type SdkCase } from '../sdk-case.ts'

type ToolCall = [name: string, input: object]

/** Five turns; the third asks for the very same as the first. */
const turns: (ToolCall[] | string)[] = [
  [['get_weather', { city: 'Paris' }]],
  [['get_weather', { city: 'Rome' }]],
  [['get_weather', { city: 'Paris' }]],
  [
    ['get_weather', { city: 'Oslo' }],
    ['summarize', { text: 'Paris 21, Rome 27' }],
  ],
  'Rome is warmest, with 27 degrees.',
]

const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 }

function completion(turn: ToolCall[] | string, index: number): Body {
  const message =
    typeof turn === 'string'
      ? { role: 'assistant', content: turn }
      : { role: 'assistant', content: null, tool_calls: toolCalls(turn, index) }
  const finish_reason = typeof turn === 'string' ? 'stop' : 'tool_calls'
  return made({
    id: `chatcmpl-${index}`,
    object: 'chat.completion',
    created: 1758191363,
    model: 'gpt-4o',
    choices: [{ index: 0, message, finish_reason }],
    usage,
  })
}

function chunks(turn: ToolCall[] | string, index: number): Body {
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    id: `chatcmpl-${index}`,
    object: 'chat.completion.chunk',
    created: 1758191363,
    model: 'gpt-4o',
    choices: [{ index: 0, delta, finish_reason }],
  })
  if (typeof turn === 'string')
    return madeEvents([...turn.split(/(?= )/).map(content => chunk({ content })), chunk({}, 'stop')])
  const calls = toolCalls(turn, index).map((call, place) =>
    chunk({ tool_calls: [{ index: place, ...call }] }),
  )
  return madeEvents([...calls, chunk({}, 'tool_calls')])
}

function toolCalls(turn: ToolCall[], index: number) {
  return turn.map(([name, input], place) => ({
    id: `call_${index}${place}abcdefgh`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }))
}

const degrees: Record<string, number> = { Paris: 21, Rome: 27, Oslo: 9 }
const weather = (city: string) => `${degrees[city]} degrees`

const object = (name: string) =>
  ({ type: 'object', properties: { [name]: { type: 'string' } }, required: [name] }) as const

const toolsFor = (summarize: (text: string) => Promise<string>) => ({
  get_weather: tool({
    inputSchema: jsonSchema<{ city: string }>(object('city')),
    execute: ({ city }) => weather(city),
  }),
  summarize: tool({
    inputSchema: jsonSchema<{ text: string }>(object('text')),
    execute: ({ text }) => summarize(text),
  }),
})

const short = (text: string) => Promise.resolve(text.slice(0, 8))
const model = (origin: string) => createOpenAI({ baseURL: `${origin}/v1`, apiKey: 'test' }).chat('gpt-4o')
const prompt = 'Where is it warmest?'

export const agents: SdkCase[] = [
  {
    sdk: ['ai', '@ai-sdk/openai'],
    call: 'generateText, an agent of five turns, two tool calls identical',
    plays: turns.map(completion),
    run: async origin => {
      const { steps } = await generateText({
        model: model(origin),
        prompt,
        tools: toolsFor(short),
        stopWhen: stepCountIs(8),
        maxRetries: 0,
      })
      return steps.map(({ text, toolCalls: calls, toolResults, usage: used, finishReason }) => ({
        text,
        calls,
        toolResults,
        used,
        finishReason,
      }))
    },
    shows: 'Rome is warmest',
  },
  {
    sdk: ['ai', '@ai-sdk/openai'],
    call: 'streamText, an agent of five turns, two tool calls identical',
    plays: turns.map(chunks),
    run: async origin => {
      const { stream } = streamText({
        model: model(origin),
        prompt,
        tools: toolsFor(short),
        stopWhen: stepCountIs(8),
        maxRetries: 0,
      })
      const parts = await collect(stream)
      return parts.flatMap(part => describePart(part as { type: string }))
    },
    shows: 'Rome',
  },
  {
    sdk: ['openai'],
    call: 'an agent loop of five turns, two tool calls identical',
    plays: turns.map(completion),
    run: async origin => {
      const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'test', maxRetries: 0 })
      const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: prompt }]
      for (;;) {
        const { choices } = await client.chat.completions.create({ model: 'gpt-4o', messages })
        const message = choices[0]!.message
        messages.push(message)
        if (!message.tool_calls) return messages
        for (const call of message.tool_calls)
          messages.push({ role: 'tool', tool_call_id: call.id, content: JSON.stringify(call) })
      }
    },
    shows: 'Rome is warmest',
  },
  {
    sdk: ['openai'],
    call: 'the same request three times, answered differently each time',
    plays: ['first', 'second', 'third'].map(completion),
    run: async origin => {
      const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'test', maxRetries: 0 })
      const ask = () =>
        client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Again' }] })
      return [await ask(), await ask(), await ask()].map(({ choices }) => choices[0]!.message.content)
    },
    shows: '["first","second","third"]',
  },
]

/** What a stream part says, without what the SDK measures and makes up. */
function describePart(part: {
  type: string
  text?: string
  toolName?: string
  input?: unknown
  output?: unknown
}) {
  const { type, text, toolName, input, output } = part
  return ['text-delta', 'tool-call', 'tool-result', 'finish-step', 'error'].includes(type)
    ? [{ type, text, toolName, input, output }]
    : []
}
