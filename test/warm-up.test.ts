import { Cerebras } from '@cerebras/cerebras_cloud_sdk'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { useCassette } from 'vitest-cassette'
import { withCassette } from 'vitest-cassette/node'

const question = {
  model: 'llama-3.3-70b',
  messages: [{ role: 'user' as const, content: 'What is the name of the US captial?' }],
  stream: true as const,
}

test('the request with which the SDK of Cerebras warms up its connection is no call of the test', async () => {
  const cassette = useCassette('capital-question', { mode: 'replay' })
  const client = new Cerebras()
  const chunks = await Array.fromAsync(await client.chat.completions.create(question))
  expect(JSON.stringify(chunks)).toContain(' Washington')
  expect(cassette.calls).toHaveLength(1)
})

test('the warm-up request of Cerebras is not sent where no cassette is in use either', async () => {
  expect((await fetch('https://api.cerebras.ai/v1/tcp_warming')).status).toBe(204)
})

test.for(['auto', 'record', 'live', 'replay'] as const)(
  'in mode %s the warm-up request of Cerebras is answered without the network and never recorded',
  async mode => {
    const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
    const warmUp = async () => (await fetch('https://api.cerebras.ai/v1/tcp_warming')).status
    expect(await withCassette('warm-up', warmUp, { dir, mode })).toBe(204)
  },
)
