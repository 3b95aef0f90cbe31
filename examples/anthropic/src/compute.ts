import Anthropic from '@anthropic-ai/sdk'

const client = new Anthropic()

/** Lets the model think, and compute in Anthropic's sandbox; shows each piece of its answer as it comes. */
export async function compute(expression: string, show: (text: string) => void): Promise<void> {
  const stream = client.beta.messages.stream({
    model: 'claude-sonnet-4-6',
    max_tokens: 4096,
    thinking: { type: 'enabled', budget_tokens: 3000 },
    tools: [{ type: 'code_execution_20260120', name: 'code_execution' }],
    messages: [{ role: 'user', content: `what is ${expression}` }],
  })
  stream.on('text', show)
  await stream.finalMessage()
}
