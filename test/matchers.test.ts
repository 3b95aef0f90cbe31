import { readFile } from 'node:fs/promises'
import 'vitest-cassette/matchers'
import { expect, test } from 'vitest'
import { useCassette } from 'vitest-cassette'
import { withCassette } from 'vitest-cassette/node'

const dir = new URL('../fixtures/', import.meta.url)

/** Uses a cassette, and makes the call that it has recorded. */
async function play(name: string) {
  const cassette = useCassette(name, { mode: 'replay' })
  const { request } = JSON.parse(await readFile(new URL(`${name}.json`, dir), 'utf8'))
  const ask = async () =>
    (await fetch(request.url, { method: 'POST', body: JSON.stringify(request.body) })).text()
  return { cassette, ask }
}

const failure = (work: () => void): string => {
  try {
    work()
  } catch (error) {
    return (error as Error).message
  }
  return 'it passed'
}

test('a call has the model, text, usage and finish reason of its answer', async () => {
  const { cassette, ask } = await play('capital-question')
  await ask()
  expect(cassette.calls).toHaveLength(1)
  expect(cassette.calls[0]).toMatchObject({
    model: 'llama-3.3-70b',
    text: 'The name of the US capital is Washington, D.C. (short for District of Columbia).',
    toolCalls: undefined,
    usage: { inputTokens: 45, outputTokens: 20, totalTokens: 65 },
    finishReason: 'stop',
    conversation: { api: 'openai-chat', messages: [{ role: 'user' }] },
  })
})

test('a call that was missed has the messages of its request, and no answer', async () => {
  let said: unknown
  const work = withCassette(
    'nothing',
    async ({ calls }) => {
      const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }] })
      await fetch('https://api.openai.com/v1/chat/completions', { method: 'POST', body })
      said = calls.map(({ text, usage, model, toolCalls, finishReason, conversation }) => [
        [text, usage, model, toolCalls, finishReason],
        conversation.messages,
      ])
    },
    { mode: 'replay' },
  )
  await expect(work).rejects.toMatchObject({ code: 'miss' })
  expect(said).toMatchObject([[Array(5).fill(undefined), [{ role: 'user', text: 'Hi' }]]])
})

test('toHaveCalledModel takes the name of the request or of the response, or a pattern', async () => {
  const { cassette, ask } = await play('conversations/chat-completions-choices')
  expect(cassette).not.toHaveCalledModel(/./)
  await ask()
  expect(cassette).toHaveCalledModel('gpt-4o-mini')
  expect(cassette).toHaveCalledModel('gpt-4o-mini-2024-07-18')
  expect(cassette).toHaveCalledModel(/^gpt-4o/g)
  expect(cassette).not.toHaveCalledModel('gpt-4o')
  expect(failure(() => expect(cassette).toHaveCalledModel('gpt-4o'))).toMatchInlineSnapshot(`
    "Expected a call to the model gpt-4o.

    call 1 (replayed, 20 in + 2 out = 22 tokens): OpenAI POST /v1/chat/completions, gpt-4o-mini, stream, "Write the word cobalt exactly 100 times, separated by spaces."
      user
        Write the word cobalt exactly 100 times, separated by spaces.
      assistant choice 1 (length)
        c
      assistant choice 2 (length)
        c"
  `)
})

test('toHaveCalledTool compares the name of the tool, and the arguments where they are given', async () => {
  const { cassette, ask } = await play('conversations/chat-v2-tool')
  expect(cassette).not.toHaveCalledTool('subtract')
  await ask()
  expect(cassette).toHaveCalledTool('subtract')
  expect(cassette).toHaveCalledTool('subtract', { x: 2, y: 5 })
  expect(cassette).toHaveCalledTool('subtract', { y: expect.any(Number) })
  expect(cassette).toHaveCalledTool('subtract', expect.objectContaining({ x: 2 }))
  expect(cassette).not.toHaveCalledTool('subtract', { x: 3 })
  expect(cassette).not.toHaveCalledTool('subtract', { z: undefined })
  expect(cassette).not.toHaveCalledTool('add')
  expect(failure(() => expect(cassette).toHaveCalledTool('add', { x: expect.any(Number) })))
    .toMatchInlineSnapshot(`
      "Expected a call of the tool add with {"x": Any<Number>}.

      call 1 (replayed, 1,600 in + 56 out = 1,656 tokens): Cohere POST /v2/chat, command-a-03-2025, stream, "Calculate 2 - 5."
        system
          You are a calculator. Use the provided tools before answering arithmetic questions.
        user
          Calculate 2 - 5.
        assistant (tool_calls)
          (reasoning) I will use the subtract tool to calculate 2 - 5.
          → subtract({"x":2,"y":5})"
    `)
  expect(failure(() => expect(cassette).not.toHaveCalledTool('subtract'))).toMatch(
    /^Expected not a call of the tool subtract\.\n\ncall 1 /,
  )
})

test('toHaveBeenFullyPlayed fails with the recordings that are not played', async () => {
  const { cassette, ask } = await play('capital-question')
  expect(cassette.unplayed).toHaveLength(1)
  expect(cassette).not.toHaveBeenFullyPlayed()
  expect(failure(() => expect(cassette).toHaveBeenFullyPlayed())).toMatchInlineSnapshot(`
    "Expected every recording to be played, but one is not:
      Cerebras POST /v1/chat/completions, llama-3.3-70b, stream, "What is the name of the US captial?"

    The test made no call so far."
  `)
  await ask()
  expect(cassette.unplayed).toEqual([])
  expect(cassette).toHaveBeenFullyPlayed()
})

test('toHaveBeenFullyPlayed passes in mode record, where everything is recorded again', () => {
  expect(useCassette('capital-question', { mode: 'record' })).toHaveBeenFullyPlayed()
})

test('toHaveUsedFewerTokensThan sums the tokens of all calls', async () => {
  const { cassette, ask } = await play('capital-question')
  expect(cassette).toHaveUsedFewerTokensThan(1)
  await ask()
  expect(cassette).toHaveUsedFewerTokensThan(66)
  expect(cassette).not.toHaveUsedFewerTokensThan(65)
  expect(failure(() => expect(cassette).toHaveUsedFewerTokensThan(65))).toMatch(
    /^Expected fewer than 65 tokens, found 65\.\n\ncall 1 \(replayed, 45 in \+ 20 out = 65 tokens\)/,
  )
})

test('toHaveUsedFewerTokensThan fails where a response counts no tokens', async () => {
  const { cassette, ask } = await play('conversations/completions-choices')
  await ask()
  expect(failure(() => expect(cassette).toHaveUsedFewerTokensThan(1000))).toContain(
    'found 0, and 1 of 1 calls do not say.',
  )
  expect(failure(() => expect(cassette).not.toHaveUsedFewerTokensThan(1000))).toContain('do not say')
})

test('the matchers refuse anything that is no cassette', () => {
  expect(() => expect({}).toHaveCalledModel('gpt-4o')).toThrow('toHaveCalledModel expects a cassette')
})
