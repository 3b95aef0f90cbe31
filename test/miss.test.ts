import Anthropic from '@anthropic-ai/sdk'
import { createOpenAI } from '@ai-sdk/openai'
import { generateText } from 'ai'
import OpenAI from 'openai'
import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { withCassette, type Cassette, type CassetteError } from 'vitest-cassette/node'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
})

/** A cassette whose recorded questions these are, each in the shape of the API that is asked. */
async function record(request: object, times = 1) {
  const recording = {
    request: { method: 'POST', headers: {}, ...request },
    response: { status: 200, body: {} },
  }
  await writeFile(
    path.join(dir, 'talk.json'),
    JSON.stringify({ version: 1, recordings: Array.from({ length: times }, () => recording) }),
  )
}

async function replay(work: (cassette: Cassette) => Promise<unknown>, options = {}) {
  let seen: Cassette | undefined
  const error = await withCassette(
    'talk',
    async cassette => {
      seen = cassette
      await work(cassette)
    },
    { dir, mode: 'replay', ...options },
  ).then(
    () => undefined,
    (thrown: unknown) => thrown as CassetteError,
  )
  return { error, cassette: seen! }
}

const messages = [{ role: 'user' as const, content: 'What is the capital of France?' }]
const recorded = [{ role: 'user', content: 'What is the capital of Spain?' }]

test.for([
  {
    sdk: 'openai',
    url: 'https://api.openai.com/v1/chat/completions',
    body: { model: 'm', messages: recorded },
    ask: () => new OpenAI().chat.completions.create({ model: 'm', messages }),
    difference: 'messages[0].content',
  },
  {
    sdk: '@anthropic-ai/sdk',
    url: 'https://api.anthropic.com/v1/messages',
    body: { model: 'm', max_tokens: 9, messages: recorded },
    ask: () => new Anthropic().messages.create({ model: 'm', max_tokens: 9, messages }),
    difference: 'messages[0].content',
  },
  {
    sdk: 'ai',
    url: 'https://api.openai.com/v1/chat/completions',
    body: { model: 'm', messages: recorded },
    ask: () => generateText({ model: createOpenAI().chat('m'), messages }),
    difference: 'messages[0].content',
  },
])(
  'a miss reaches the app through $sdk at once, and names what differs',
  async ({ url, body, ask, difference }) => {
    await record({ url, body })
    let told: unknown
    const { error, cassette } = await replay(async () => {
      told = await ask().then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
    })

    expect(cassette.calls).toMatchObject([{ outcome: 'missed' }])
    expect((told as Error).message).toContain('talk.json')
    expect((told as Error).message).toContain(difference)
    expect(error).toMatchObject({ name: 'CassetteError', code: 'miss' })
    expect(error?.message).toContain(difference)
    expect(error?.message).toContain('"What is the capital of France?"')
    expect(error?.message).toContain('"What is the capital of Spain?"')
  },
)

const ask = (content: string) =>
  new OpenAI().chat.completions
    .create({ model: 'm', messages: [{ role: 'user', content }] })
    .catch(() => undefined)
const question = (content: string) => ({
  url: 'https://api.openai.com/v1/chat/completions',
  body: { model: 'm', messages: [{ role: 'user', content }] },
})

test.for([
  ['dates', 'Today is 2026-11-23. Hello', 'Today is 2026-11-24. Hello'],
  ['dates', 'Today is Monday, November 23, 2026.', 'Today is Tuesday, November 24, 2026.'],
  ['dates', 'It is 2026-11-23T10:00:00.123Z now', 'It is 2026-11-24T11:30:00.000Z now'],
  ['uuids', 'Run 0b8f4a39-7d5c-4a39-8d0b-8f0d4a1c2b3e', 'Run 5f1c9b1e-1d27-4c3e-9d43-6f8a0a7f6a11'],
  ['tmpPaths', `See ${'/tmp'}/build-a81x/log.txt`, `See ${'/tmp'}/build-93jd/log.txt`],
])(
  'where only %s differ, the miss names the option, and the option makes it match',
  async ([option, before, now]) => {
    await record(question(before!))
    const { error } = await replay(() => ask(now!))
    expect(error?.message).toContain(`useCassette('talk', { match: { ${option}: true } })`)

    const ignoring = await replay(() => ask(now!), { match: { [option!]: true } })
    expect(ignoring.error).toBeUndefined()
  },
)

test('where only a timestamp in a field differs, the miss names its path, and ignoring that makes it match', async () => {
  const at = (time: number) => ({ ...question('Hi').body, metadata: { started_at: time } })
  await record({ ...question('Hi'), body: at(1763900000) })
  const call = () => fetch(question('').url, { method: 'POST', body: JSON.stringify(at(1763900042)) })
  const { error } = await replay(call)
  expect(error?.message).toContain("{ match: { ignore: ['metadata.started_at'] } }")

  const ignoring = await replay(call, { match: { ignore: ['metadata.started_at'] } })
  expect(ignoring.error).toBeUndefined()
})

test('a call more often than recorded is exhausted, not unknown', async () => {
  await record(question('Hi'), 2)
  const { error, cassette } = await replay(async () => {
    for (let count = 0; count < 3; count++) await ask('Hi')
  })

  expect(cassette.calls.map(call => call.outcome)).toEqual(['replayed', 'replayed', 'missed'])
  expect(error?.message).toContain('exhausted its 2 recordings are played already')
})

test('`repeat` lets the last recording of a request answer every further one', async () => {
  await record(question('Hi'), 2)
  const { error, cassette } = await replay(
    async () => {
      for (let count = 0; count < 5; count++) await ask('Hi')
    },
    { repeat: true },
  )

  expect(error).toBeUndefined()
  expect(cassette.calls).toHaveLength(5)
})

test('all misses of a scope are listed together', async () => {
  await record(question('Hi'))
  const { error } = await replay(async () => {
    await ask('How are you?')
    await ask('And your family?')
  })

  expect(error?.message).toContain('No recording answers 2 LLM calls.')
  expect(error?.message).toContain('"How are you?"')
  expect(error?.message).toContain('"And your family?"')
})

test('the explanation of a miss names cassette, mode, request, difference and command', async () => {
  await record(question('Name the capital of Spain.'))
  const { error } = await replay(() => ask('Name the capital of France.'), { dir })

  const shown = error!.message.replaceAll(
    path.relative(process.cwd(), dir).split(path.sep).join('/'),
    '<dir>',
  )
  expect(shown).toMatchInlineSnapshot(`
    "No recording answers this LLM call.

      cassette  <dir>/talk.json
      mode      replay (option of this cassette)

      request   OpenAI POST /v1/chat/completions, m, "Name the capital of France."
      unknown   the cassette holds 1 recording, of another request, which differs in:
                  messages[0].content
                    recorded  "Name the capital of Spain."
                    received  "Name the capital of France."

    To record what is missing:
      CASSETTE_MODE=auto (and the command that you have just run)"
  `)
})

test('a miss in replay writes nothing', async () => {
  await replay(() => ask('Hi'))
  expect(await readdir(dir)).toEqual([])
})
