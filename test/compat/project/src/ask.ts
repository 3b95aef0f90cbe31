import OpenAI from 'openai'

const client = new OpenAI({ baseURL: 'https://api.cerebras.ai/v1' })

/** Asks at module level, as apps do. */
export async function ask(question: string): Promise<string> {
  const stream = await client.chat.completions.create({
    model: 'llama-3.3-70b',
    messages: [{ role: 'user', content: question }],
    stream: true,
  })
  let answer = ''
  for await (const chunk of stream) answer += chunk.choices[0]?.delta.content ?? ''
  return answer
}
