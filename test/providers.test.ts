import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { withCassette } from 'vitest-cassette/node'

test.for([
  'http://localhost:11434/api/chat',
  'http://ollama:11434/api/generate',
  'https://my-resource.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21',
  'https://gateway.example.com/llm/v1/chat/completions',
  'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models/m:predict',
])('%s is an LLM call', async url => {
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const run = withCassette('calls', () => fetch(url, { method: 'POST', body: '{}' }), { dir, mode: 'replay' })
  await expect(run).rejects.toMatchObject({ code: 'miss' })
})
