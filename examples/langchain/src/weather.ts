import type { ToolCall } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'

const getWeather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Get weather for a location',
    parameters: {
      type: 'object',
      properties: { location: { type: 'string', description: 'City name' } },
      required: ['location'],
    },
  },
}

const model = new ChatOpenAI({ model: 'gpt-4o' }).bindTools([getWeather])

/** Asks about the weather, and returns the tool calls that the model wants. */
export async function plan(question: string): Promise<ToolCall[]> {
  const message = await model.invoke(question)
  return message.tool_calls ?? []
}
