import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { cassetteOf, createWorkplace, main, recordingOf } from '../support/cli.ts'

const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
const agent = {
  'geo/capital-question': 'capital-question',
  'agent/rates': 'conversations/messages-stream',
  'agent/tools': 'conversations/chat-completions-tools',
}

test('list prints each cassette with its calls, provider, model, tokens, age, size and tests', async () => {
  await using place = await createWorkplace({ 'geo/capital-question': 'capital-question' })
  await place.write({
    'cassettes/talk.json': cassetteOf(
      recordingOf('Hi', 'Hello!', { test: 'talks > politely', recorded_at: daysAgo(100) }),
      recordingOf('Bye', 'Bye!', { test: 'talks > briefly', recorded_at: daysAgo(3) }),
    ),
  })
  const { stdout, stderr, exitCode } = await place.run(['list'])
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  expect(stdout).toMatchInlineSnapshot(`
    "name                  calls  provider  model          tokens  age      size  tests
    geo/capital-question      1  Cerebras  llama-3.3-70b      65        11.7 kB
    talk                      2  OpenAI    gpt-x              30  3 mo    844 B  talks > politely +1

    2 cassettes, 3 recordings, 95 tokens, 12.5 kB
    "
  `)
  const listed = JSON.parse((await place.run(['list', '--json'])).stdout)
  expect(listed).toEqual([
    {
      name: 'geo/capital-question',
      file: 'cassettes/geo/capital-question.json',
      bytes: expect.any(Number),
      recordings: 1,
      providers: ['Cerebras'],
      models: ['llama-3.3-70b'],
      tokens: 65,
      tests: [],
    },
    {
      name: 'talk',
      file: 'cassettes/talk.json',
      bytes: expect.any(Number),
      recordings: 2,
      providers: ['OpenAI'],
      models: ['gpt-x'],
      tokens: 30,
      recorded_at: daysAgo(100),
      tests: ['talks > politely', 'talks > briefly'],
    },
  ])
})

test('list and show take a folder of recordings for one cassette', async () => {
  await using place = await createWorkplace()
  await place.write({
    'cassettes/talk/completions-0a0a0a0a-001.json': recordingOf('Hi', 'Hello!'),
    'cassettes/talk/completions-0b0b0b0b-001.json': recordingOf('Bye', 'Bye!'),
  })
  const listed = JSON.parse((await place.run(['list', '--json'])).stdout)
  expect(listed).toMatchObject([{ name: 'talk', file: 'cassettes/talk', recordings: 2 }])
  expect((await place.run(['show', 'talk', '2'])).stdout).toContain('Bye!')
})

test('list names a broken cassette with its error, and exits with code 2', async () => {
  await using place = await createWorkplace()
  await place.write({ 'cassettes/talk.json': '{', 'cassettes/other.json': cassetteOf() })
  const { stdout, exitCode } = await place.run(['list'])
  expect(stdout).toMatch(/^talk +broken/m)
  expect(stdout).toContain('Cannot read the cassette')
  expect(exitCode).toBe(2)
})

test('show prints the conversations of a cassette, given by its name or its file', async () => {
  await using place = await createWorkplace(agent)
  const { stdout, exitCode } = await place.run(['show', 'agent/rates'])
  expect(exitCode).toBe(0)
  expect(stdout).toMatchInlineSnapshot(`
    "agent/rates  cassettes/agent/rates.json

    1  (of no test)
       Anthropic POST /v1/messages, claude-sonnet-4-6, stream

       user
         What is the current USD to EUR exchange rate?
       assistant
         Let me search for a tool that can provide current exchange rate information.I found the right tool! Let me fetch the current USD to EUR exchange rate for you.
         → tool_search_tool_bm25({"query":"USD EUR exchange rate currency conversion"}) by the provider srvtoolu_01S5swZdBmTzLDVzwcT5LbHp
         → get_exchange_rate({"from_currency":"USD","to_currency":"EUR"}) toolu_01EFn5wTNBYA8Reni8rbmnHT
       tool toolu_01EFn5wTNBYA8Reni8rbmnHT
         1 USD = 0.92 EUR
       assistant
         The current exchange rate is **1 USD = 0.92 EUR**. This means that for every US Dollar, you get approximately **92 Euro cents**. Keep in mind that exchange rates fluctuate constantly, so this rate may change throughout the day.

       1,007 in + 59 out = 1,066 tokens, 10 events
    "
  `)
  expect((await place.run(['show', 'cassettes/agent/tools.json'])).stdout).toMatchInlineSnapshot(`
    "agent/tools  cassettes/agent/tools.json

    1  (of no test)
       Mistral POST /v1/chat/completions, mistral-small-latest, stream

       system
         You are a precise assistant. When tools are available, you must use them instead of guessing. Call both \`lookup_harbor_label\` and \`lookup_orchard_label\` before writing any normal text. Never call the same tool twice once you already have its result.
       user
         Call \`lookup_harbor_label\` and \`lookup_orchard_label\` exactly once each before answering. After both tool results are available, stop calling tools and respond in one short sentence that includes both exact tool outputs.
       assistant (tool_calls)
         → lookup_harbor_label({}) call_REDACTED_1
         → lookup_orchard_label({}) call_REDACTED_2

       213 in + 16 out = 229 tokens, 3 events
    "
  `)
})

test('show prints one recording by its number, its events with --events, its JSON with --raw', async () => {
  await using place = await createWorkplace()
  const recordings = [recordingOf('Hi', 'Hello!'), recordingOf('Bye', 'Bye!', { test: 'parts' })]
  await place.write({ 'cassettes/talk.json': cassetteOf(...recordings) })
  const { stdout } = await place.run(['show', 'talk', '2'])
  expect(stdout).toContain('2  parts\n')
  expect(stdout).toContain('10 in + 5 out = 15 tokens, 250 ms')
  expect(stdout).not.toContain('Hello!')
  expect((await place.run(['show', 'talk', '2', '--events'])).stdout).toMatch(
    /\+250 ms {2}\{"choices":\[\{"message"/,
  )
  const raw = await place.run(['show', 'talk', '2', '--raw'])
  expect(JSON.parse(raw.stdout)).toEqual(recordings[1])
  expect((await place.run(['show', 'talk', '3'])).stderr).toBe(
    'There is no recording 3: the cassette holds 2.\n',
  )
})

test('show with --json prints each recording with its conversation', async () => {
  await using place = await createWorkplace(agent)
  const { stdout } = await place.run(['show', 'geo/capital-question', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    name: 'geo/capital-question',
    recordings: [{ number: 1, status: 200, streaming: true, conversation: { usage: { totalTokens: 65 } } }],
  })
})

test('a command that cannot be done says why on stderr, and exits with code 2', async () => {
  await using place = await createWorkplace(agent)
  const run = async (...args: string[]) => {
    const { stderr, stdout, exitCode } = await place.run(args)
    expect([stdout, exitCode]).toEqual(['', 2])
    return stderr
  }
  expect(await run('show', 'capital')).toBe(
    'There is no cassette capital in cassettes.\nThere is: geo/capital-question\n',
  )
  expect(await run('show', '../outside')).toContain("it leaves the folder with '..'")
  expect(await run('list', '--dir', 'tapes')).toBe(
    'There is no cassette folder tapes. Say where it is with --dir.\n',
  )
  expect(await run('lst')).toContain("unknown command 'lst'")
  expect(await run('list', '--josn')).toContain("unknown option '--josn'")
  expect(await run('diff', 'agent/rates')).toBe('diff takes two cassettes, or one and --git [ref].\n')
})

test.skipIf(process.platform === 'win32')(
  'show ends without an error where its reader closes the pipe early',
  async () => {
    await using place = await createWorkplace()
    // A pipe takes 64 kB at once on most systems: what follows meets a reader that is gone.
    await place.write({ 'cassettes/long.json': cassetteOf(recordingOf('Hi', 'Hello! '.repeat(500_000))) })
    const command = '{ "$NODE" "$MAIN" show long; echo "exit code $?" >&2; } | head -n 1'
    const environment = { ...process.env, NODE: process.execPath, MAIN: main }
    const ended = await promisify(execFile)('sh', ['-c', command], { cwd: place.root, env: environment })
    expect(ended).toEqual({ stdout: 'long  cassettes/long.json\n', stderr: 'exit code 0\n' })
  },
)

test('show prints colours with FORCE_COLOR, and none into a pipe or with NO_COLOR', async () => {
  await using place = await createWorkplace(agent)
  const escape = '\u001b['
  expect((await place.run(['show', 'agent/tools'])).stdout).not.toContain(escape)
  expect((await place.run(['show', 'agent/tools'], { FORCE_COLOR: '1' })).stdout).toContain(escape)
  expect((await place.run(['show', 'agent/tools'], { NO_COLOR: '1' })).stdout).not.toContain(escape)
})

test('the help names every command and the exit codes', async () => {
  await using place = await createWorkplace()
  const { stdout, exitCode } = await place.run(['--help'])
  expect(exitCode).toBe(0)
  expect([...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name)).toEqual(
    expect.arrayContaining(['list', 'show', 'diff', 'check', 'prune', 'record', 'rename', 'refresh']),
  )
  expect(stdout).toContain('Exit codes:\n  0  done')
})
