import { openai } from '@ai-sdk/openai'
import { streamText } from 'ai'

/** Asks a model that may search our documents; the answer comes piece by piece. */
export function ask(question: string): AsyncIterable<string> {
  const { textStream } = streamText({
    model: openai('gpt-4o'),
    instructions: 'You are a helpful assistant.',
    prompt: question,
    tools: {
      file_search: openai.tools.fileSearch({ vectorStoreIds: ['vs_6931d752e41c8191833fcaad1cf47055'] }),
    },
  })
  return textStream
}
