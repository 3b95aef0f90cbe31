import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { withCassette } from 'vitest-cassette/node'
import { startProvider } from './support/provider.ts'

// A machine without AWS credentials: none in the environment, no files.
beforeEach(async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'home-'))
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined)
  vi.stubEnv('HOME', home)
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined)
  return () => void vi.unstubAllEnvs()
})

const ask = (endpoint: string) =>
  new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint,
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  }).send(
    new ConverseCommand({
      modelId: 'amazon.nova-lite-v1:0',
      messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
    }),
  )

const newDir = () => mkdtemp(path.join(tmpdir(), 'cassettes-'))
const answer = {
  output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
  stopReason: 'end_turn',
}

test('in replay the AWS SDK does not go looking for credentials on the network', async () => {
  await using metadata = await startProvider((_request, response) => void response.writeHead(404).end())
  await using provider = await startProvider((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', metadata.url.replace('/v1', ''))
  const dir = await newDir()
  const endpoint = provider.url.replace('/v1', '')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
  await withCassette('converse', () => ask(endpoint), { dir, mode: 'auto' })
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined)

  const replayed = await withCassette('converse', () => ask(endpoint), { dir, mode: 'replay' })
  expect(replayed.output).toEqual(answer.output)
  expect(metadata.requests).toEqual([])
})

test('placeholder credentials are there only while a scope replays', async () => {
  const dir = await newDir()
  const seen = () => Promise.resolve(process.env.AWS_ACCESS_KEY_ID)
  expect(await withCassette('a', seen, { dir, mode: 'auto' })).toBeUndefined()
  expect(await withCassette('b', seen, { dir, mode: 'replay' })).toContain('placeholder')
  expect(await withCassette('c', seen, { dir, mode: 'record' })).toBeUndefined()
})

test('a placeholder completes a pair of AWS credentials of which only one is set', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  const dir = await newDir()
  const seen = () => Promise.resolve([process.env.AWS_ACCESS_KEY_ID, process.env.AWS_SECRET_ACCESS_KEY])
  const [id, secret] = await withCassette('a', seen, { dir, mode: 'replay' })
  expect(id).toBe('test')
  expect(secret).toContain('placeholder')
})

test.for(['AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_BEARER_TOKEN_BEDROCK'])(
  'with %s set, no placeholder for AWS credentials is set',
  async name => {
    vi.stubEnv(name, 'somewhere')
    const dir = await newDir()
    const seen = () => Promise.resolve(process.env.AWS_ACCESS_KEY_ID)
    expect(await withCassette('a', seen, { dir, mode: 'replay' })).toBeUndefined()
  },
)
