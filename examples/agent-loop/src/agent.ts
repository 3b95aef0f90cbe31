import OpenAI from 'openai'
import { tools, type Tools } from './tools.ts'

const client = new OpenAI({ baseURL: 'http://localhost:11434/v1', apiKey: 'ollama' })

/** Asks, runs the tools that the model calls, tells it their results, until it answers. */
export async function runAgent(question: string, run: Tools): Promise<string> {
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: 'system', content: 'You are a helpful assistant' },
    { role: 'user', content: question },
  ]
  for (;;) {
    const stream = client.chat.completions.stream({ model: 'llama3.2:3b-instruct-fp16', messages, tools })
    const message = await stream.finalMessage()
    messages.push(message)
    if (!message.tool_calls?.length) return message.content ?? ''
    for (const call of message.tool_calls) {
      if (call.type !== 'function') continue
      const { name, arguments: input } = call.function
      const result = run[name as keyof Tools](JSON.parse(input))
      messages.push({ role: 'tool', tool_call_id: call.id, content: String(result) })
    }
  }
}
