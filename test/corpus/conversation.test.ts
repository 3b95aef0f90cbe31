import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { readConversation } from '../../src/conversation/read.ts'
import {
  stackEntries,
  stackText,
  wireBytes,
  wireEntries,
  wireRecording,
  type WireEntry,
} from '../support/shared-corpus.ts'

const streams = wireEntries().filter(({ kind, status }) => kind === 'sse' && status === 200)
const whole = streams.filter(({ features }) => !features.includes('mid-stream-error'))
const ofPath = (path: RegExp) => whole.filter(({ url }) => path.test(url.replace(/[?#].*$/, '')))
const read = (entry: WireEntry) => {
  const { request, response } = wireRecording(entry)
  return readConversation(request, response)
}
/** The recorded bytes, as the SDK gets them from the provider. */
const fetchOf = (entry: WireEntry) => async () =>
  new Response(wireBytes(entry), { headers: { 'content-type': 'text/event-stream' } })
const payloads = (entry: WireEntry): string[] =>
  new TextDecoder()
    .decode(wireBytes(entry))
    .split(/\r?\n/)
    .filter(line => line.startsWith('data:'))
    .map(line => line.slice(5).trim())
    .filter(data => data !== '[DONE]')
const key = 'sk-not-used'
const parsed = (json: string) => JSON.parse(json === '' ? '{}' : json) as unknown

describe.skipIf(streams.length === 0)('a conversation says what the SDK of its API reads', () => {
  test.for(ofPath(/\/messages$/))('$file', async entry => {
    const client = new Anthropic({ apiKey: key, fetch: fetchOf(entry) })
    const message = await client.messages
      .stream({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] })
      .finalMessage()
    const blocks = message.content
    const [answer] = read(entry).answers
    expect(answer?.text ?? '').toBe(blocks.map(block => (block.type === 'text' ? block.text : '')).join(''))
    expect(answer?.toolCalls?.map(({ id, arguments: given }) => [id, given]) ?? []).toEqual(
      blocks.flatMap(block =>
        block.type === 'tool_use' || block.type === 'server_tool_use' ? [[block.id, block.input]] : [],
      ),
    )
    expect(read(entry).usage?.outputTokens).toBe(message.usage.output_tokens)
  })

  test.for(ofPath(/\/responses$/))('$file', async entry => {
    const client = new OpenAI({ apiKey: key, fetch: fetchOf(entry) })
    const stream = await client.responses.create({ model: 'm', input: 'Hi', stream: true })
    const events = await Array.fromAsync(stream)
    const said = events.flatMap(event =>
      event.type === 'response.output_text.delta' || event.type === 'response.refusal.delta'
        ? event.delta
        : [],
    )
    const calls = events.flatMap(event =>
      event.type === 'response.output_item.done' && event.item.type === 'function_call' ? event.item : [],
    )
    const { answers, usage } = read(entry)
    expect(answers[0]?.text ?? '').toBe(said.join(''))
    expect(
      answers[0]?.toolCalls?.filter(({ hosted }) => !hosted).map(({ id, name }) => [id, name]) ?? [],
    ).toEqual(calls.map(call => [call.call_id, call.name]))
    const last = events.at(-1)
    expect(usage?.totalTokens).toBe(
      last && 'response' in last ? last.response.usage?.total_tokens : undefined,
    )
  })

  test.for(ofPath(/\/chat\/completions$/))('$file', async entry => {
    const client = new OpenAI({ apiKey: key, fetch: fetchOf(entry) })
    const stream = await client.chat.completions.create({ model: 'm', messages: [], stream: true })
    const chunks = await Array.fromAsync(stream)
    const answers = read(entry).answers
    const indexes = [
      ...new Set(chunks.flatMap(({ choices }) => choices.map(({ index }) => index))),
    ].toSorted()
    expect(answers).toHaveLength(indexes.length)
    for (const [place, index] of indexes.entries()) {
      const deltas = chunks.flatMap(({ choices }) => choices.filter(choice => choice.index === index))
      const text = deltas.map(({ delta }) => {
        const content: unknown = delta.content
        const parts = Array.isArray(content)
          ? (content as { text?: string }[])
          : [{ text: content as string | null }]
        return parts.map(part => part.text ?? '').join('') + (delta.refusal ?? '')
      })
      expect(answers[place]?.text ?? '').toBe(text.join(''))
      const calls = Map.groupBy(
        deltas.flatMap(({ delta }) => delta.tool_calls ?? []),
        call => call.index,
      )
      expect(answers[place]?.toolCalls?.map(call => [call.name, call.arguments]) ?? []).toEqual(
        [...calls.values()].map(pieces => [
          pieces.map(piece => piece.function?.name ?? '').join(''),
          parsed(pieces.map(piece => piece.function?.arguments ?? '').join('')),
        ]),
      )
    }
    const counted = chunks.flatMap(chunk => chunk.usage?.total_tokens ?? [])
    if (counted.length > 0) expect(read(entry).usage?.totalTokens).toBe(counted.at(-1))
  })
})

describe.skipIf(streams.length === 0)('a conversation says what the texts of its events add up to', () => {
  test.for(ofPath(/:streamGenerateContent$/))('$file', entry => {
    const parts = payloads(entry).flatMap(data => JSON.parse(data).candidates?.[0]?.content?.parts ?? [])
    const texts = parts.map((part: { text?: string; thought?: boolean }) =>
      part.thought ? '' : (part.text ?? ''),
    )
    expect(read(entry).answers[0]?.text ?? '').toBe(texts.join(''))
  })

  test.for(ofPath(/\/interactions$/))('$file', entry => {
    const texts = payloads(entry)
      .map(data => JSON.parse(data).delta)
      .filter(delta => delta?.type === 'text')
    expect(read(entry).answers[0]?.text).toBe(texts.map(delta => delta.text).join(''))
  })

  test.for(ofPath(/\/v2\/chat$/))('$file', entry => {
    const messages = payloads(entry).map(data => JSON.parse(data).delta?.message)
    const said = messages.map(message => message?.content?.text ?? '').join('')
    const json = messages.map(message => message?.tool_calls?.function?.arguments ?? '').join('')
    const [answer] = read(entry).answers
    expect(answer?.text ?? '').toBe(said)
    expect(answer?.toolCalls?.[0]?.arguments ?? {}).toEqual(parsed(json))
  })
})

test.skipIf(streams.length === 0)('every error response is read as an error, and none as an answer', () => {
  const failed = wireEntries().filter(({ status }) => status >= 400)
  expect(failed.length).toBeGreaterThan(20)
  expect(failed.filter(entry => !read(entry).error)).toEqual([])
  expect(failed.flatMap(entry => read(entry).answers)).toEqual([])
})

describe.skipIf(streams.length === 0)('a recording of llama-stack is read as a conversation', () => {
  const entries = stackEntries().filter(({ endpoint }) => endpoint !== null)

  test.for(entries.filter(({ features }) => !features.includes('exception')))('$file', entry => {
    const recording = JSON.parse(stackText(entry))
    const { answers, usage, embeddings, messages } = readConversation(recording.request, recording.response)
    const items = [recording.response.body].flat().map(item => item?.__data__ ?? item)
    const asks = recording.request.body.messages
    if (asks) expect(messages.map(({ role }) => role)).toEqual(asks.map(({ role }: { role: string }) => role))
    if (/embeddings/.test(entry.endpoint!)) return expect(embeddings?.vectors).toBeGreaterThan(0)
    if (/models|\/ps/.test(entry.endpoint!)) return expect(answers).toEqual([])
    const texts = items.map(item => {
      const choice = item.choices?.find(({ index }: { index: number }) => index === 0)
      const said = choice?.delta ?? choice?.message
      return (
        said?.content ?? choice?.text ?? item.response ?? item.candidates?.[0]?.content.parts[0].text ?? ''
      )
    })
    expect(answers[0]?.text ?? '').toBe(texts.join(''))
    const counted = items.flatMap(item => item.usage?.total_tokens ?? [])
    if (counted.length > 0) expect(usage?.totalTokens).toBe(counted.at(-1))
  })
})
