import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from './support/fast-check.ts'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { withCassette, type CassetteOptions } from 'vitest-cassette/node'
import { startProvider, type Reply } from './support/provider.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
})

const alphabet = 'aB3dE5fG7hJ9kLmN1pQrS2tUvW4xYz6'
const chars = (length: number, from = alphabet) =>
  Array.from({ length }, (_, index) => from[(index * 7) % from.length]).join('')
const hex = (length: number) => chars(length, '0a1b2c3d4e5f6789')

/** One of each kind; made up, and put together here so that no scanner takes this file for a leak. */
const secrets: Record<string, string> = {
  'openai-key': `sk-${'proj'}-${chars(48)}`,
  'anthropic-key': `sk-${'ant'}-api03-${chars(93)}AA`,
  'google-key': `AI${'za'}${chars(35)}`,
  'cerebras-key': `c${'sk'}-${chars(48, 'abcdefgh23456')}`,
  'groq-key': `g${'sk'}_${chars(52)}`,
  'xai-key': `xai${'-'}${chars(80)}`,
  'openrouter-key': `sk-${'or'}-v1-${hex(64)}`,
  'perplexity-key': `pp${'lx'}-${chars(48)}`,
  'hugging-face-key': `h${'f'}_${chars(34, 'abcdefghIJKLMN')}`,
  'nvidia-key': `nv${'api'}-${chars(64)}`,
  'databricks-key': `da${'pi'}${hex(32)}`,
  'aws-access-key': `AK${'IA'}${chars(16, 'ABCDEFGH234567')}`,
  'github-token': `gh${'p'}_${chars(36)}`,
  'gitlab-token': `gl${'pat'}-${chars(20)}`,
  'slack-token': `xo${'xb'}-1234567890-1234567890-${chars(24)}`,
  'stripe-key': `sk_${'live'}_${chars(24)}`,
  'npm-token': `np${'m'}_${chars(36)}`,
  jwt: `ey${'J'}${chars(20)}.ey${'J'}${chars(40)}.${chars(43)}`,
  'private-key': `-----BEGIN ${'RSA'} PRIVATE KEY-----\n${chars(64)}\n${chars(64)}\n-----END RSA PRIVATE KEY-----`,
}

async function record(init: RequestInit & { query?: string }, reply: Reply, options: CassetteOptions = {}) {
  await using provider = await startProvider(reply)
  const call = async () => {
    const response = await fetch(`${provider.url}/chat/completions${init.query ?? ''}`, {
      method: 'POST',
      ...init,
    })
    return response.text()
  }
  const recorded = await withCassette('talk', call, { dir, mode: 'auto', ...options })
  const text = await readFile(path.join(dir, 'talk.json'), 'utf8')
  const replay = (other: typeof init = init, more: CassetteOptions = options) =>
    withCassette(
      'talk',
      async () =>
        (
          await fetch(`${provider.url}/chat/completions${other.query ?? ''}`, { method: 'POST', ...other })
        ).text(),
      { dir, mode: 'replay', ...more },
    )
  return { recorded, text, replay, sent: provider.requests[0] }
}

const json =
  (value: unknown): Reply =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(value))
  }
const events =
  (list: unknown[]): Reply =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(
      [...list.map(item => JSON.stringify(item)), '[DONE]'].map(data => `data: ${data}\n\n`).join(''),
    )
  }
const setEnvironment = (name: string, value: string) => {
  const before = process.env[name]
  process.env[name] = value
  onTestFinished(() =>
    before === undefined ? void delete process.env[name] : void (process.env[name] = before),
  )
}

test.for(Object.entries(secrets))(
  'a %s is kept out of request, response and query, and still matches',
  async ([rule, secret]) => {
    const inText = `Use ${secret} and go.`
    const asked = {
      messages: [{ role: 'user', content: inText }],
      nested: JSON.stringify({ arguments: JSON.stringify({ secret }) }),
    }
    const query = `?note=${encodeURIComponent(secret)}`
    const { text, replay, sent, recorded } = await record(
      { body: JSON.stringify(asked), query },
      json({ echo: inText }),
    )

    expect(JSON.parse(sent!)).toEqual(asked)
    expect(JSON.parse(recorded)).toEqual({ echo: inText })
    expect(text).not.toContain(secret.slice(8, 40))
    expect(text).toContain(`Use <redacted:${rule}> and go.`)
    expect(JSON.parse(await replay())).toEqual({ echo: `Use <redacted:${rule}> and go.` })
  },
)

test('a replay with another key of the same kind, or of another one, is the same request', async () => {
  const ask = (key: string): RequestInit => ({
    body: JSON.stringify({ messages: [{ content: `key ${key}` }] }),
  })
  const { replay } = await record(ask(secrets['openai-key']!), json({}))
  expect(await replay(ask(`sk-${'proj'}-${chars(60, 'zyxwvut0987')}`))).toBe('{}')
  expect(await replay(ask(secrets['groq-key']!))).toBe('{}')
})

test.for([
  ['as it is', (value: string) => value],
  ['in JSON in a string', (value: string) => JSON.stringify({ value })],
  ['in a URL', (value: string) => `https://x.test/?q=${encodeURIComponent(value)}`],
  ['in base64', (value: string) => Buffer.from(value).toString('base64')],
  ['in base64 after one byte', (value: string) => Buffer.from(`:${value}`).toString('base64')],
  ['in base64 after two bytes', (value: string) => Buffer.from(`u:${value}!`).toString('base64')],
  ['in the base64 of URLs', (value: string) => Buffer.from(`user:${value}`).toString('base64url')],
  [
    'in an echo of basic auth',
    (value: string) => `Authorization: Basic ${Buffer.from(`me:${value}`).toString('base64')}`,
  ],
] as const)('the value of a secret-looking variable is found %s', async ([, form]) => {
  const value = 'Tr0ub4dor&3/"quoted"'
  setEnvironment('BILLING_SECRET', value)
  const { text } = await record(
    { body: JSON.stringify({ content: form(value) }) },
    json({ echo: form(value) }),
  )
  for (const offset of [0, 4]) expect(text).not.toContain(form(value).slice(-16 - offset, -4 - offset))
  expect(text).toMatch(/<redacted:(?:billing-secret|basic-auth)>/)
})

test('a request with the placeholder of a missing key matches the one that was recorded with the key', async () => {
  const ask = (key: string): RequestInit => ({ body: JSON.stringify({ tool: { apiKey: key } }) })
  setEnvironment('MISTRAL_API_KEY', 'q1w2e3r4t5y6u7i8')
  const { text, replay } = await record(ask('q1w2e3r4t5y6u7i8'), json({}))
  expect(text).toContain('<redacted:mistral-key>')
  setEnvironment('MISTRAL_API_KEY', '')
  expect(await replay(ask('vitest-cassette-placeholder-for-MISTRAL_API_KEY'))).toBe('{}')
})

const streams: Record<string, (part: string, index: number) => unknown> = {
  'chat deltas': content => ({ choices: [{ index: 0, delta: { content } }] }),
  'tool call arguments': part => ({
    choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: part } }] } }],
  }),
  'content blocks': text => ({ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text } }),
  'response events': delta => ({
    type: 'response.output_text.delta',
    item_id: 'msg_1',
    output_index: 0,
    delta,
  }),
  'parts of contents': text => ({
    candidates: [{ index: 0, content: { parts: [{ text }], role: 'model' } }],
  }),
  // Two choices in turn: each has half of the secret, and another text between the halves.
  'choices that alternate': (content, index) => ({
    choices: [
      { index: 1, delta: { content: `other ${index} ` } },
      { index: 0, delta: { content } },
    ],
  }),
}

test.for(Object.keys(streams))('a secret that is cut over events is found in %s', async name => {
  const secret = secrets['openai-key']!
  const said = `The key is ${secret}, keep it.`
  for (const length of [1, 5, 20]) {
    const parts = said.match(new RegExp(`.{1,${length}}`, 'gs'))!
    const { text, replay } = await record({ body: `"${name} ${length}"` }, events(parts.map(streams[name]!)))
    const { recordings } = JSON.parse(text)
    const assembled = JSON.stringify(recordings.at(-1).response.body).replace(/[^\w<>: ,.-]/g, '')
    for (const part of parts.filter(part => part.length > 15 && secret.includes(part)))
      expect(assembled).not.toContain(part)
    expect(recordings.at(-1).response.body).toHaveLength(parts.length + 1)
    const replayed = await replay({ body: `"${name} ${length}"` })
    const strings = replayed
      .match(/"(?:content|arguments|text|delta)":"([^"]*)"/g)!
      .map(match => match.replace(/.*":"|"$/g, ''))
    expect(strings.filter(part => !part.startsWith('other')).join('')).toBe(
      'The key is <redacted:openai-key>, keep it.',
    )
  }
})

test('wherever a stream is cut, no part of a secret is left, and nothing else is touched', async () => {
  const { redactEvents } = await import('../src/redact/json.ts')
  const { Redactor } = await import('../src/redact/redactor.ts')
  const redactor = new Redactor({}, { MY_TOKEN: 'wow-such-s3cret' })
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.lorem(), fc.constantFrom('wow-such-s3cret', secrets['openai-key']!)), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
      (words, sizes) => {
        const said = words.join(' ')
        const parts: string[] = []
        for (let at = 0; at < said.length; at += parts.at(-1)!.length)
          parts.push(said.slice(at, at + sizes[parts.length % sizes.length]!))
        const clean = redactEvents(parts.map(streams['chat deltas']!), redactor) as ReturnType<
          typeof JSON.parse
        >[]
        expect(clean.map(event => event.choices[0].delta.content).join('')).toBe(redactor.text(said))
        expect(clean).toHaveLength(parts.length)
      },
    ),
  )
})

test('ids, hashes, images, embeddings and harmless variables are not taken for secrets', async () => {
  setEnvironment('MAX_TOKENS', '16384000')
  setEnvironment('TOKEN_TYPE_SECRET', 'password')
  setEnvironment('SSH_KEY_FILE', '/home/someone/.ssh/id_rsa')
  const innocent = {
    max_tokens: 16384000,
    note: 'The password is a token; the Basic understanding of localhost:8080/path@home. MAX_TOKENS=16384000',
    logprobs: { tokens: ['sk', '-', 'proj'], token: ' key' },
    id: 'call_9a8b7c6d5e4f3a2b1c0d',
    ids: [
      'chatcmpl-adc9cfae-89ba-4938-9137-37a1f46d1596',
      'resp_68e0f3c8a1d48190b5c1f2e3d4c5b6a7',
      'msg_01XFDUDYJgAACzvnptvVoYEL',
    ],
    uuid: '0b8f4a39-7d5c-4a39-8d0b-8f0d4a1c2b3e',
    hash: hex(64),
    image: `data:image/png;base64,${Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7919) % 256)).toString('base64')}`,
    embedding: Buffer.from(new Float32Array(64).map((_, index) => Math.sin(index)).buffer).toString('base64'),
    reasoning: `gAAAAAB${chars(400)}`,
    key: 'see /home/someone/.ssh/id_rsa',
  }
  const { text } = await record({ body: JSON.stringify(innocent) }, json(innocent))
  expect(text).not.toContain('redacted')
})

test('bytes that hold a secret refuse the write, naming place and kind but not the secret', async () => {
  const secret = secrets['aws-access-key']!
  const reply: Reply = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' })
    response.end(Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from(secret)]))
  }
  const error = await record({ body: '{}' }, reply).then(
    () => undefined,
    (thrown: Error) => thrown,
  )
  expect(error).toMatchObject({
    code: 'secret',
    path: 'response.body.__base64__',
    file: path.join(dir, 'talk.json'),
  })
  expect(error!.message).toContain('response.body.__base64__: aws-access-key')
  expect(error!.message).not.toContain(secret)
  await expect(readFile(path.join(dir, 'talk.json'))).rejects.toThrow('ENOENT')
})

test('a miss shows no secret', async () => {
  const secret = secrets['github-token']!
  const { replay } = await record(
    { body: JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }] }) },
    json({}),
  )
  const error = await replay({
    body: JSON.stringify({ messages: [{ role: 'user', content: `Push with ${secret}` }] }),
  }).then(
    () => undefined,
    (thrown: Error) => thrown,
  )
  expect(error!.message).toContain('Push with <redacted:github-token>')
  expect(JSON.stringify([error, error!.message, error!.stack])).not.toContain(secret)
})

test("redact adds values, patterns, headers and a function of the user's own", async () => {
  const redact = {
    values: ['Project Nightingale'],
    patterns: [/\bEMP-\d{6}\b/],
    headers: ['x-request-id'],
    custom: (text: string) => text.replaceAll('Zurich', '<city>'),
  }
  const said = 'EMP-123456 of Project Nightingale moved to Zurich.'
  const reply: Reply = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'req_12345' })
    response.end(JSON.stringify({ said }))
  }
  const { text, replay } = await record({ body: JSON.stringify({ said }) }, reply, { redact })
  const clean = '<redacted:pattern> of <redacted:value> moved to <city>.'
  expect(JSON.parse(text).recordings[0]).toMatchObject({
    request: { body: { said: clean } },
    response: { body: { said: clean }, headers: { 'x-request-id': '<redacted:header>' } },
  })
  expect(JSON.parse(await replay())).toEqual({ said: clean })
})

test('headers that name the account are never stored, and `match.headers` refuses them', async () => {
  const headers = {
    'set-cookie': 'a=b',
    'openai-organization': 'acme',
    'openai-project': 'p',
    'anthropic-organization-id': 'o',
  }
  const reply: Reply = (_request, response) => void response.writeHead(200, headers).end('{}')
  const init = {
    body: '{}',
    headers: {
      cookie: 'c=d',
      'openai-organization': 'acme',
      'openai-project': 'p',
      'x-goog-user-project': 'g',
    },
  }
  const { text } = await record(init, reply)
  expect(JSON.parse(text).recordings[0]).toMatchObject({
    request: { headers: {} },
    response: { headers: {} },
  })

  for (const name of [
    'authorization',
    'Cookie',
    'x-api-key',
    'openai-organization',
    'openai-project',
    'x-goog-user-project',
  ]) {
    const asking = withCassette('talk', () => 1, { dir, match: { headers: [name] } })
    await expect(asking).rejects.toThrow('is never stored')
  }
})

test('a call shows a test no secret, even where the cassette, typed by hand, holds one', async () => {
  vi.stubEnv('MY_SECRET', 'hunter2-hunter2')
  onTestFinished(() => void vi.unstubAllEnvs())
  const url = 'https://api.openai.com/v1/chat/completions'
  const body = { model: 'm', prompt: 'the password is hunter2-hunter2' }
  const recording = {
    request: { method: 'POST', url, body },
    response: { status: 200, body: { text: 'ok' } },
  }
  await writeFile(path.join(dir, 'talk.json'), JSON.stringify(recording))
  await withCassette(
    'talk',
    async cassette => {
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
      expect(await response.json()).toEqual({ text: 'ok' })
      expect(cassette.calls[0]?.request).toMatchObject({
        model: 'm',
        body: { prompt: 'the password is <redacted:my-secret>' },
      })
    },
    { dir, mode: 'replay' },
  )
})
