import type OpenAI from 'openai'

export interface Tools {
  get_boiling_point(input: { liquid_name: string; celcius?: boolean }): number
}

export const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: 'function',
    function: {
      name: 'get_boiling_point',
      description: 'Returns the boiling point of a liquid in Celcius or Fahrenheit.',
      parameters: {
        type: 'object',
        properties: {
          liquid_name: { type: 'string', description: 'The name of the liquid' },
          celcius: { type: 'boolean', description: 'Whether to return the boiling point in Celcius' },
        },
        required: ['liquid_name'],
      },
    },
  },
]
