// The conversation that every tool records and replays: the seed's stream of 22 events, its id telling one recording
// from another, so that a wrong answer is an error.
import { readFileSync } from 'node:fs'

export const baseURL = 'https://api.cerebras.ai/v1'
const seed = new URL('../../fixtures/capital-question.json', import.meta.url)
const chunks = JSON.parse(readFileSync(seed, 'utf8')).response.body.map(chunk => chunk.__data__)
const filler =
  'The quick brown fox said: "jump over the lazy dog", then\nleft. Über café — 東京 {"k":[1,2]} \\path\\to '

/** What a provider behind a CDN sends. */
export const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  date: 'Thu, 18 Sep 2025 10:29:23 GMT',
  'x-request-id': 'req_7f3d0a7b9a0c4d5e8f1a2b3c4d5e6f70',
  'x-ratelimit-limit-requests-day': '14400',
  'x-ratelimit-remaining-tokens-minute': '59935',
  'cf-ray': '98109e5d2f1b3a7c-SJC',
  server: 'cloudflare',
  vary: 'Accept-Encoding',
}

const idOf = number => `chatcmpl-${String(number).padStart(8, '0')}-9ba0-4938-9137-37a1f46d1596`

/** The events of answer `number`, as text; `count` stretches the seed to so many. */
export function eventsOf(number = 0, count = chunks.length) {
  const words = chunks.slice(1, 20)
  const middle =
    count === chunks.length
      ? chunks.slice(1, -2)
      : Array.from({ length: count - 3 }, (_, index) => words[index % words.length])
  const events = [chunks[0], ...middle, ...chunks.slice(-2)]
  return [
    ...events.map(event => `data: ${JSON.stringify({ ...event, id: idOf(number) })}\n\n`),
    'data: [DONE]\n\n',
  ]
}

const prompts = new Map()
/** A question of `size` characters, whose number stands at its end. */
function promptOf(number, size) {
  const name = `${number}/${size}`
  const question = `Question ${String(number).padStart(7, '0')}: What is the name of the US captial?`
  const padding = Math.max(0, size - question.length - 1)
  if (!prompts.has(name))
    prompts.set(
      name,
      padding === 0
        ? question
        : `${filler.repeat(Math.ceil(padding / filler.length)).slice(0, padding)}\n${question}`,
    )
  return prompts.get(name)
}

export const numberOf = body => Number(/Question (\d{7}): What/.exec(body.slice(-400))?.[1] ?? 0)

export async function clientOf({ fetch, baseURL: base = baseURL } = {}, sdk = 'openai') {
  const { default: OpenAI } = await import(sdk)
  return new OpenAI({ apiKey: 'sk-test-000', baseURL: base, maxRetries: 0, ...(fetch ? { fetch } : {}) })
}

/** Asks question `number` and reads the whole stream. */
export async function ask(client, number = 0, { size = 0, check = true } = {}) {
  const messages = [{ role: 'user', content: promptOf(number, size) }]
  const stream = await client.chat.completions.create({ model: 'llama-3.3-70b', messages, stream: true })
  let count = 0
  let id
  for await (const chunk of stream) {
    count++
    id = chunk.id
  }
  if (check && id !== idOf(number)) throw new Error(`wrong answer: ${id} to question ${number}`)
  return count
}

const encoder = new TextEncoder()

/** A response that comes as one chunk an event. */
export function streamed(events) {
  let next = 0
  const body = new ReadableStream(
    {
      pull(controller) {
        if (next === events.length) controller.close()
        else controller.enqueue(events[next++])
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers })
}

export const encoded = events => events.map(event => encoder.encode(event))

/** In place of the network while a tool records: answers each question at the provider's real address. */
export async function provider(input, init) {
  const request = new Request(input, init)
  const { count } = provider
  return streamed(encoded(eventsOf(numberOf(await request.text()), count)))
}
