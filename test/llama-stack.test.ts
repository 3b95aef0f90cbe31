import Anthropic from '@anthropic-ai/sdk'
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import OpenAI, { APIConnectionError, BadRequestError } from 'openai'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { withCassette, type CassetteOptions } from 'vitest-cassette/node'
import { parsePythonLiteral } from '../src/formats/python-literal.ts'
import { completeWith, startProvider } from './support/provider.ts'

const dir = path.resolve(import.meta.dirname, '../fixtures/corpus/llama-stack')

interface Item {
  __data__: object
}

const read = async (name: string, folder = dir) =>
  JSON.parse(await readFile(path.join(folder, `${name}.json`), 'utf8'))

/** Calls the SDK with the recording as its cassette. */
function ask<Result>(
  name: string,
  baseURL: string,
  call: (client: OpenAI) => Promise<Result>,
  options: CassetteOptions = {},
): Promise<Result> {
  const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 2 })
  return withCassette(name, () => call(client), { dir, mode: 'replay', ...options })
}

/** A copy of a recording in a folder of its own, changed. */
async function changed(name: string, change: (dump: Awaited<ReturnType<typeof read>>) => void) {
  const folder = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  const dump = await read(name)
  change(dump)
  await writeFile(path.join(folder, 'changed.json'), JSON.stringify(dump))
  return folder
}

const bases = {
  'azure/chat_completions.stream.be9fd81a7e': /(.*\/openai\/v1)\/v1\//,
  'together/chat_completions.stream.5fbfe5f450': /(.*\/v1)\/v1\//,
  'vllm/chat_completions.stream.cceab49a98': /(.*\/v1)\/v1\//,
  'watsonx/chat_completions.stream.118950cad5': /(.*\/ml\/v1)\/v1\//,
}

test.for(Object.entries(bases))(
  '%s replays through the OpenAI SDK, extra_body merged',
  async ([name, base]) => {
    const { request, response } = await read(name)
    const { extra_body, ...body } = request.body
    const chunks = await ask(name, base.exec(request.url)![1]!, async client => {
      const stream = await client.chat.completions.create({ ...body, ...extra_body, stream: true })
      return Array.fromAsync(stream as unknown as AsyncIterable<unknown>)
    })
    expect(chunks).toEqual(response.body.map((item: Item) => item.__data__))
  },
)

test('a recording whose host was blanked out answers any host, whose base URL needs no version', async () => {
  const name = 'databricks/chat_completions.json.65b1fd2163'
  const { request, response } = await read(name)
  const base = 'https://dbc-1.cloud.databricks.com/serving-endpoints'
  const completion = await ask(name, base, client => client.chat.completions.create(request.body))
  expect(completion).toEqual(response.body.__data__)
})

const lists = [
  ['llamacpp/models.json.9f5da6f933', 'http://localhost:8080/v1', {}],
  ['gemini/models.json.753f6fdd6b', 'https://generativelanguage.googleapis.com/v1beta/openai', {}],
  // What the SDK for Python calls extra_query.
  [
    'watsonx/models.json.c68ae9e042',
    'https://us-south.ml.cloud.ibm.com/ml/v1',
    { project_id: '1461945d-7925-4b82-b90b-ecd907a98d77' },
  ],
] as const

test.for(lists)('the list of %s, noted as POST, answers a GET', async ([name, base, query]) => {
  const { response } = await read(name)
  const list = await ask(name, base, async client => Array.fromAsync(await client.models.list({ query })), {
    include: ['/models'],
  })
  expect(list).toEqual(response.body.map((item: Item) => item.__data__))
})

test('a recorded exception is thrown again with its status and body', async () => {
  const name = 'watsonx/chat_completions.exception.11e4757761'
  const { request, response } = await read(name)
  const { extra_body, ...body } = request.body
  const call = ask(name, 'https://us-south.ml.cloud.ibm.com/ml/v1', client =>
    client.chat.completions.create({ ...body, ...extra_body }),
  )
  await expect(call).rejects.toMatchObject({
    constructor: BadRequestError,
    status: 400,
    error: response.exception_data.body,
  })
})

test('a recorded exception that the SDK would retry is not retried, for that was done when it was recorded', async () => {
  const folder = await changed('azure/chat_completions.exception.6ae4dc6183', ({ response }) => {
    response.exception_data = null
    response.exception_message = `Error code: 429 - {'error': {'message': "it's full", 'param': None}}`
  })
  const { request } = await read('changed', folder)
  const call = ask(
    'changed',
    'https://lls-test.openai.azure.com/openai/v1',
    client => client.chat.completions.create(request.body),
    { dir: folder },
  )
  await expect(call).rejects.toMatchObject({ status: 429, error: { message: "it's full", param: null } })
})

test('a recorded failure to connect fails to connect', async () => {
  const name = 'ollama/chat_completions.exception.975c5dbbf7'
  const { request } = await read(name)
  const call = ask(name, 'http://0.0.0.0:11434/v1', client =>
    client.chat.completions.create(request.body, { maxRetries: 0 }),
  )
  await expect(call).rejects.toThrow(APIConnectionError)
})

test('an exception without a status is refused with what it says', async () => {
  const folder = await changed('azure/chat_completions.exception.6ae4dc6183', ({ response }) => {
    response.exception_data = { type: 'ValueError', message: 'no such model' }
  })
  const call = withCassette('changed', () => undefined, { dir: folder, mode: 'replay' })
  await expect(call).rejects.toMatchObject({
    code: 'bad-cassette',
    path: 'response.exception_message',
    message: expect.stringContaining('the recorded exception tells no HTTP status: no such model'),
  })
})

test('a call that was passed through keeps its payload, status and body', async () => {
  const name = 'ollama/messages.json.85af391053'
  const { request, response } = await read(name)
  const client = new Anthropic({ baseURL: 'http://0.0.0.0:11434', apiKey: 'none' })
  const message = await withCassette(name, () => client.messages.create(request.payload), {
    dir,
    mode: 'replay',
  })
  expect(message).toEqual(response.body)
})

test('a stream that was passed through as its lines has its events', async () => {
  const name = 'gemini/v1beta_interactions.stream.95ae846887'
  const { request, response } = await read(name)
  const events = await withCassette(
    name,
    async cassette => {
      const init = { method: 'POST', body: JSON.stringify(request.payload) }
      expect(await (await fetch(request.url, init)).text()).toBe(response.body.join('\n') + '\n')
      return cassette.calls[0]?.response?.events
    },
    { dir, mode: 'replay' },
  )
  expect(events).toHaveLength(11)
  expect(events?.at(-1)).toBe('[DONE]')
})

test.for([{ stream: true }, {}])(
  'a stream whose request does not say so answers a request with %o',
  async asked => {
    const folder = await changed('together/chat_completions.stream.5fbfe5f450', ({ request }) => {
      delete request.body.stream
    })
    const { request, response } = await read('changed', folder)
    const body = JSON.stringify({ ...request.body, ...asked })
    const text = await withCassette(
      'changed',
      async () => (await fetch(request.url, { method: 'POST', body })).text(),
      { dir: folder, mode: 'replay' },
    )
    expect(text.match(/^data: /gm)).toHaveLength(response.body.length + 1)
  },
)

test('embed() was noted under the endpoint of embeddings(), and answers under its own', async () => {
  const name = 'ollama/api_embeddings.json.3406defae7'
  const { request, response } = await read(name)
  const init = { method: 'POST', body: JSON.stringify(request.body) }
  const url = 'http://localhost:11434/api/embed'
  const answer = await withCassette(name, async () => (await fetch(url, init)).json(), {
    dir,
    mode: 'replay',
  })
  expect(answer).toEqual(response.body.__data__)
})

test('a recording that answers two requests plays once, for whichever comes first', async () => {
  const name = 'ollama/api_embeddings.json.3406defae7'
  const { request } = await read(name)
  const init = { method: 'POST', body: JSON.stringify(request.body) }
  const play = (endpoint: string) => fetch(`http://localhost:11434/api/${endpoint}`, init)
  const replay = withCassette(
    name,
    async cassette => {
      expect(cassette.unplayed).toHaveLength(1)
      expect((await play('embed')).status).toBe(200)
      expect(cassette.unplayed).toHaveLength(0)
      expect((await play('embeddings')).status).toBe(400)
    },
    { dir, mode: 'replay' },
  )
  await expect(replay).rejects.toMatchObject({ code: 'miss', message: expect.stringContaining('played') })
})

test('a folder of llama-stack recordings is one cassette', async () => {
  const url = 'http://localhost:11434'
  const { request, response } = await read('ollama/api_generate.stream.a377e815df')
  const [models, lines] = await withCassette(
    'ollama',
    async () => [
      await (await fetch(`${url}/api/ps`)).json(),
      await (
        await fetch(`${url}/api/generate`, { method: 'POST', body: JSON.stringify(request.body) })
      ).text(),
    ],
    { dir, mode: 'replay' },
  )
  expect(models).toEqual({ models: [] })
  expect(
    lines
      .trim()
      .split('\n')
      .map((line: string) => JSON.parse(line)),
  ).toEqual(response.body)
})

test('a folder with a recording of no HTTP call is an error that names the file', async () => {
  const call = withCassette('local-tool', () => undefined, { dir, mode: 'replay' })
  await expect(call).rejects.toThrow(
    /local-tool.tool\.json\.2e16573dea\.json at request\.file_id: this is no/,
  )
})

test('recording into a file of llama-stack leaves its answers as they were', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  await using provider = await startProvider(completeWith(() => 'new'))
  const names = [
    'databricks/chat_completions.stream.5f1600dabf',
    'cerebras/chat_completions.json.6bc94df525',
    'vllm/chat_completions.stream.cceab49a98',
  ]
  const calls = await Promise.all(names.map(name => read(name)))
  await writeFile(path.join(folder, 'mixed.json'), JSON.stringify(calls))
  await cp(path.join(folder, 'mixed.json'), path.join(folder, 'before.json'))

  const answers = (cassette: string) =>
    withCassette(
      cassette,
      () =>
        Promise.all(
          calls.map(async ({ request: { url, body } }) => {
            const { extra_body, ...own } = body
            const init = { method: 'POST', body: JSON.stringify({ ...own, ...extra_body }) }
            return (await fetch(url.replace('__databricks__', 'https://x.databricks.com'), init)).text()
          }),
        ),
      { dir: folder, mode: 'replay' },
    )
  await withCassette(
    'mixed',
    () => fetch(`${provider.url}/chat/completions`, { method: 'POST', body: '{}' }),
    {
      dir: folder,
      mode: 'auto',
    },
  )
  expect((await read('mixed', folder)).recordings).toHaveLength(4)
  expect(await answers('mixed')).toEqual(await answers('before'))
})

test('a recording that answers two requests is one recording in the file, also after it was written again', async () => {
  const name = 'ollama/api_embeddings.json.3406defae7'
  const folder = await changed(name, () => undefined)
  await using provider = await startProvider(completeWith(() => 'new'))
  const inCassette = (mode: 'auto' | 'replay', work: () => Promise<Response>) =>
    withCassette('changed', work, { dir: folder, mode })
  await inCassette('auto', () => fetch(`${provider.url}/chat/completions`, { method: 'POST', body: '{}' }))
  const { recordings } = await read('changed', folder)
  expect(recordings).toHaveLength(2)
  const init = { method: 'POST', body: JSON.stringify(recordings[0].request.body) }
  for (const endpoint of ['embeddings', 'embed']) {
    const response = await inCassette('replay', () => fetch(`http://localhost:11434/api/${endpoint}`, init))
    expect(response.status).toBe(200)
  }
})

test.for([
  [
    `{'a': "it's", "b": 'say "x"', 'c': [None, True, False, -1.5e3]}`,
    { a: "it's", b: 'say "x"', c: [null, true, false, -1500] },
  ],
  [
    String.raw`{'a': 'line\nfeed \'quoted\' \\ \x41 \u00e9 \U0001f600'}`,
    { a: "line\nfeed 'quoted' \\ A é 😀" },
  ],
  ['{}', {}],
  ['not a literal', undefined],
  ["{'a': 1", undefined],
] as const)('the Python literal %s is read as %j', ([text, value]) => {
  expect(parsePythonLiteral(text)).toEqual(value)
})
