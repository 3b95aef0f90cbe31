import { createGateway, generateText } from 'ai'
import fc from 'fast-check'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import OpenAI, { AzureOpenAI } from 'openai'
import { describe, expect, test } from 'vitest'
import { withCassette } from 'vitest-cassette/node'
import { apis } from '../src/api-paths.ts'
import { setPlaceholderKeys } from '../src/process/environment.ts'
import { otherServices, telemetry } from '../src/provider-table.ts'
import {
  credentialLookUpOf,
  errorShapeOf,
  isLlmUrl,
  isTelemetry,
  providerOf,
  providers,
  routingCredentials,
  routingHeadersOf,
} from '../src/providers.ts'
import './support/fast-check.ts'
import { startProvider } from './support/provider.ts'
import { providersPage } from './support/providers-page.ts'

const isCall = (url: string) => isLlmUrl(new URL(url))
const nameOf = (url: string) => providerOf(new URL(url))?.name

test.for([
  'http://localhost:11434/api/chat',
  'http://ollama:11434/api/generate',
  'https://my-resource.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21',
  'https://gateway.example.com/llm/v1/chat/completions',
  'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models/m:predict',
  'https://ai-gateway.vercel.sh/v4/ai/language-model',
  'https://huggingface.co/api/models/org/name?expand[]=inferenceProviderMapping',
])('%s is an LLM call', async url => {
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const run = withCassette('calls', () => fetch(url, { method: 'POST', body: '{}' }), { dir, mode: 'replay' })
  await expect(run).rejects.toMatchObject({ code: 'miss' })
})

test('a model of the AI SDK that is given by its name is asked through a gateway, which is known', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const model = createGateway({ apiKey: 'k' })('openai/gpt-5')
  const ask = () => generateText({ model, prompt: 'Hi', maxRetries: 0 })
  await expect(withCassette('gateway', ask, { dir, mode: 'replay' })).rejects.toMatchObject({ code: 'miss' })
})

test('behind a gateway on a host of its own, what follows the first call is recorded too', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const server = await startProvider((request, response) => {
    const isEmbedding = request.url.includes('/embeddings')
    const body = isEmbedding
      ? { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [1, 2] }], model: 'm' }
      : {
          id: 'resp_1',
          object: 'response',
          status: request.method === 'POST' ? 'queued' : 'completed',
          output: [],
        }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  const openai = new OpenAI({ apiKey: 'k', baseURL: server.url, maxRetries: 0 })
  const azure = new AzureOpenAI({ apiKey: 'k', endpoint: server.url, apiVersion: '2025-04-01-preview' })
  const ask = async () => {
    const { id } = await openai.responses.create({ model: 'gpt-5', input: 'Hi', background: true })
    const { status } = await openai.responses.retrieve(id)
    const { data } = await azure.embeddings.create({ model: 'd', input: 'Hi', encoding_format: 'float' })
    return [status, data[0]?.embedding]
  }
  const recorded = await withCassette('gateway', ask, { dir, mode: 'auto' })
  await server.stop()
  expect(recorded).toEqual(['completed', [1, 2]])
  expect(await withCassette('gateway', ask, { dir, mode: 'replay' })).toEqual(recorded)
})

test('what a tracer reports goes its way in a replay', async () => {
  await using server = await startProvider((_request, response) => void response.writeHead(204).end())
  const dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const send = () => fetch(`${server.url}/traces/ingest`, { method: 'POST', body: '{}' })
  expect((await withCassette('traces', send, { dir, mode: 'replay' })).status).toBe(204)
})

describe('a row of the table', () => {
  test.for(providers.map(provider => [provider.name, provider] as const))(
    '%s: its example, and any request to one of its addresses, is a call to it',
    ([name, { example, hosts }]) => {
      expect(isCall(example)).toBe(true)
      expect(nameOf(example)).toBe(hosts.length > 0 ? name : undefined)
      for (const url of hosts.map(urlAt)) {
        expect(nameOf(url), url).toBe(name)
        expect(isCall(url), url).toBe(true)
      }
    },
  )

  test.for(providers.map(provider => [provider.name, provider.hosts] as const))(
    '%s claims no host that only looks like one of its own',
    ([, hosts]) => {
      for (const address of hosts) {
        const { hostname, port, pathname, search } = new URL(urlAt(address))
        const end = `${port && `:${Number(port) + 1}`}${pathname}${search}`
        const likes = [
          `${hostname}.evil.test${end}`,
          `evil.test/${hostname}${end}`,
          `evil.test?${hostname}${end}`,
        ]
        if (!address.startsWith('*')) likes.push(`x${hostname}${end}`)
        for (const like of [...likes, `${hostname}x${end}`])
          expect(nameOf(`https://${like}`), like).toBeUndefined()
      }
    },
  )

  test('says where it comes from, and each variable belongs to one provider', () => {
    const keys = providers.flatMap(provider => provider.keys ?? [])
    expect(new Set(keys).size).toBe(keys.length)
    expect(new Set(providers.map(({ name }) => name)).size).toBe(providers.length)
    for (const { source } of [...providers, ...telemetry, ...otherServices])
      for (const part of source.split('; '))
        expect(part).toMatch(/^(?:https:\/\/\S+|@?[a-z0-9][\w./-]*@v?\d[\w.-]*)(?:: \S+| \(\S+\))?$/)
  })
})

describe('the path of an API', () => {
  const examples = apis.flatMap(({ examples, path: pattern }) =>
    examples.map(example => [example, pattern.source.startsWith('^')] as const),
  )

  test.for(examples)('%s counts on a host that nobody knows', ([example, isRoot]) => {
    expect(isCall(`https://llm.example.com${example}`)).toBe(true)
    expect(isCall(`https://llm.example.com:8443${example}?api-version=1`)).toBe(true)
    if (!isRoot) expect(isCall(`https://example.com/team/llm-proxy${example}`)).toBe(true)
  })

  test.for(['http://localhost:4000', 'http://127.0.0.1:4000', 'http://[::1]:4000'])(
    'at %s the plain names do not count, for the app under test may have them',
    origin => {
      for (const name of ['/v1/files', '/v1/videos', '/v1/batches', '/v1/conversations']) {
        expect(isCall(origin + name)).toBe(false)
        expect(isCall(`${origin}/openai${name}`)).toBe(true)
      }
      expect(isCall(`${origin}/v1/chat/completions`)).toBe(true)
      expect(isCall(`${origin}/v1/files/file-abc/content`)).toBe(true)
      expect(isCall(`${origin}/v1/responses/resp_1`)).toBe(true)
    },
  )
})

test.for([
  'http://localhost:3000/api/chat',
  'http://localhost:3000/api/completion',
  'http://localhost:3000/api/generate',
  'http://localhost:3000/generate',
  'http://localhost:3000/v1/users',
  'https://api.example.com/v1/users/1/messages',
  'https://api.example.com/v1/messages/42',
  'https://api.example.com/api/v1/files',
  'https://api.example.com/v1/files/42',
  'https://api.example.com/v1/videos/42/comments',
  'https://api.example.com/v1/images/upload',
  'https://api.example.com/v1/audio/tracks',
  'https://api.example.com/v1/responses/42',
  'https://api.example.com/v1/models',
  'https://api.example.com/v1/chat',
  'https://api.example.com/completions',
  'https://api.example.com/search?path=/v1/chat/completions',
  'https://tf.example.com/v1/models/half_plus_two:predict',
  'https://files.stripe.com/v1/files',
  'https://api.openphone.com/v1/messages',
  'https://api.nexmo.com/v1/messages',
  'https://graph.facebook.com/v19.0/123/messages',
  'https://huggingface.co/api/models/org/name',
  'https://huggingface.co/org/name/resolve/main/config.json',
  'https://api.cloudflare.com/client/v4/zones',
  'https://api.pinecone.io/indexes',
  'https://idx-abc.svc.us-east1-gcp.pinecone.io/query',
  'https://dbc-1.cloud.databricks.com/api/2.0/sql/statements',
  'https://acc.snowflakecomputing.com/api/v2/statements',
  'https://api.github.com/repos/o/r',
  'https://s3.us-east-1.amazonaws.com/bucket/key',
  'https://sts.us-east-1.amazonaws.com/',
  'https://api.openai.com/v1/traces/ingest',
  'https://collector.example.com/v1/traces',
  'https://api.smith.langchain.com/runs/batch',
  'https://us.i.posthog.com/batch/',
  'https://oauth2.googleapis.com/token',
  'https://iam.cloud.ibm.com/identity/token',
  'https://api.anthropic.com/v1/oauth/token',
])('%s is no LLM call', url => {
  expect(isCall(url)).toBe(false)
})

test('hosts and paths at random are no LLM calls', () => {
  const text = fc.string({ unit: fc.constantFrom(...'abcdeimopstvx012345'), minLength: 1, maxLength: 10 })
  const list = fc.array(text, { minLength: 1, maxLength: 6 })
  const end = fc.constantFrom('com', 'org', 'io', 'ai', 'azure.com', 'amazonaws.com', 'googleapis.com')
  fc.assert(
    fc.property(list, end, list, text, (labels, domain, segments, query) => {
      const host = `${labels.join('.')}.${domain}`
      expect(isCall(`https://${host}/v1/${segments.join('/')}?q=${query}`)).toBe(false)
    }),
    { numRuns: 1_000 },
  )
})

// Linear patterns take a millisecond for each of these 250 URLs; one that tries every pair of places takes a second, and hangs.
test('no URL is long enough to make a look-up hang', { timeout: 5_000 }, () => {
  const parts = [
    '/v1',
    '/models/a',
    '/v1/files',
    'a:',
    '/ai/',
    '?',
    '/openai',
    '/deployments/d',
    '/chat/completions/x',
    'a.',
  ]
  const hosts = [
    'example.com',
    'huggingface.co',
    'api.cloudflare.com',
    'x.openai.azure.com',
    'x.snowflakecomputing.com',
  ]
  const starts = ['/', '/api/models/', '/client/v4/accounts/', '/v1/responses/resp_', '/v1beta/models/m:']
  const urls = hosts.flatMap(host =>
    starts.flatMap(start => parts.map(part => new URL(`https://${host}${start}${part.repeat(5_000)}!`))),
  )
  expect(urls.map(isLlmUrl)).toHaveLength(250)
})

describe('routing headers', () => {
  test.for([
    ['https://ai-gateway.vercel.sh/v4/ai/language-model', 'ai-language-model-id'],
    ['https://ai-gateway.vercel.sh/v4/ai/embedding-model', 'ai-model-id'],
    ['https://api.portkey.ai/v1/chat/completions', 'x-portkey-provider'],
    ['https://gateway.helicone.ai/v1/chat/completions', 'helicone-target-url'],
    ['http://127.0.0.1:8787/v1/chat/completions', 'x-portkey-config'],
    ['http://litellm:4000/v1/chat/completions', 'x-litellm-tags'],
    [
      'https://runtime.sagemaker.eu-west-1.amazonaws.com/endpoints/e/invocations',
      'x-amzn-sagemaker-target-model',
    ],
  ] as const)('at %s: %s', ([url, header]) => {
    expect(routingHeadersOf(new URL(url))).toContain(header)
  })

  test('at a provider that routes by path and body there is none', () => {
    expect(routingHeadersOf(new URL('https://api.openai.com/v1/chat/completions'))).toEqual([])
  })

  test('all are lower case, and a credential among them is told apart', () => {
    const all = routingHeadersOf(new URL('http://gateway.test/'))
    expect(all).toEqual(all.map(header => header.toLowerCase()))
    expect(all.filter(header => routingCredentials.has(header))).toEqual(['x-portkey-virtual-key'])
  })
})

test('a request for a token is known by its provider', () => {
  const asks = (url: string) => credentialLookUpOf(new URL(url))?.name
  expect(asks('https://iam.cloud.ibm.com/identity/token')).toBe('watsonx')
  expect(asks('https://oauth2.googleapis.com/token')).toBe('Google')
  expect(asks('http://169.254.169.254/computeMetadata/v1/instance')).toBe('Google')
  expect(asks('https://login.microsoftonline.com/tid/oauth2/v2.0/token')).toBe('Azure')
  expect(asks('http://169.254.169.254/latest/api/token')).toBe('Bedrock')
  expect(asks('https://www.googleapis.com/drive/v3/files')).toBeUndefined()
})

test('telemetry is known by its path at any host', () => {
  expect(isTelemetry(new URL('http://127.0.0.1:4318/v1/traces'))).toBe(true)
  expect(isTelemetry(new URL('https://api.openai.com/v1/traces/ingest'))).toBe(true)
  expect(isTelemetry(new URL('https://api.openai.com/v1/responses'))).toBe(false)
})

test.for([
  ['https://api.anthropic.com/v1/files', 'anthropic'],
  ['https://api.anthropic.com/v1/messages/batches', 'anthropic'],
  ['https://api.openai.com/v1/files', 'openai'],
  ['https://generativelanguage.googleapis.com/v1beta/openai/chat/completions', 'openai'],
  ['https://generativelanguage.googleapis.com/v1beta/files/abc', 'google'],
  ['https://bedrock-mantle.us-east-1.api.aws/anthropic/v1/messages', 'anthropic'],
  ['https://bedrock-agent-runtime.us-east-1.amazonaws.com/retrieveAndGenerate', 'message'],
  ['https://api.cohere.com/v2/rerank', 'message'],
  ['http://ollama:8080/api/chat', 'string'],
] as const)('an error at %s has the shape %s', ([url, shape]) => {
  expect(errorShapeOf(new URL(url))).toBe(shape)
})

describe('placeholders', () => {
  const placed = (environment: Record<string, string>) => {
    const result = { ...environment }
    setPlaceholderKeys(result)
    return result
  }

  test('stand in every variable that an SDK of the table reads', () => {
    const environment = placed({})
    for (const { keys = [], otherKeys = [] } of providers) {
      for (const key of keys) expect(environment[key]).toContain(`placeholder-for-${key}`)
      for (const key of otherKeys) expect(environment).not.toHaveProperty(key)
    }
    expect(environment).toEqual(placed(environment))
  })

  test('begin as their SDK wants', () => {
    expect(placed({}).HF_TOKEN).toMatch(/^hf_/)
  })

  test.for([
    ['ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_API_KEY'],
    ['VERCEL_OIDC_TOKEN', 'AI_GATEWAY_API_KEY'],
    ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    ['GOOGLE_API_KEY', 'GEMINI_API_KEY'],
    ['AZURE_CLIENT_SECRET', 'AZURE_OPENAI_API_KEY'],
  ] as const)('with %s set, %s has none', ([set, missing]) => {
    expect(placed({ [set]: 'mine' })).not.toHaveProperty(missing)
    expect(placed({ [set]: 'mine' })[set]).toBe('mine')
  })
})

test('docs/providers.md is up to date', async () => {
  await expect(await providersPage()).toMatchFileSnapshot('../docs/providers.md')
})

/** A URL at this address. */
function urlAt(address: string): string {
  return `https://${address.replaceAll('*', 'x1')}`
}
