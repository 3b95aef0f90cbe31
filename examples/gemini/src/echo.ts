import { GoogleGenAI, Type, type FunctionCall } from '@google/genai'

const client = new GoogleGenAI({})

const echo = {
  name: 'echo',
  description: 'Echo a message back to the user.',
  parameters: {
    type: Type.OBJECT,
    properties: { message: { type: Type.STRING } },
    required: ['message'],
  },
}

/** Has the model call a tool with this text. */
export async function callEcho(text: string): Promise<FunctionCall[]> {
  const chunks = await client.models.generateContentStream({
    model: 'gemini-2.5-flash',
    contents: `Call the echo tool exactly once with the message argument set to exactly this text: ${text}`,
    config: { temperature: 0, tools: [{ functionDeclarations: [echo] }] },
  })
  const calls: FunctionCall[] = []
  for await (const chunk of chunks) calls.push(...(chunk.functionCalls ?? []))
  return calls
}
