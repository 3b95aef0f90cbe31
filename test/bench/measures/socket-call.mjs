// Calls that go around the global `fetch`.
import https from 'node:https'
import { text } from 'node:stream/consumers'
import { ask, baseURL, clientOf } from '../talk.mjs'
import { median, timesOf } from './numbers.mjs'

const captured = globalThis.fetch
// MSW's server does not see a captured one; its `fetch` goes through a socket too.
const fetchOf = tool => (tool.static ? globalThis.fetch : captured)
const body = JSON.stringify({
  model: 'llama-3.3-70b',
  messages: [{ role: 'user', content: 'Question 0000000: What is the name of the US captial?' }],
  stream: true,
})

function askOverHttps() {
  const { promise, resolve, reject } = Promise.withResolvers()
  https
    .request(`${baseURL}/chat/completions`, { method: 'POST' }, response =>
      text(response).then(resolve, reject),
    )
    .on('error', reject)
    .end(body)
  return promise
}

export default (tool, { dir, calls = 200 }) =>
  tool.replay(dir, { repeat: true }, async () => {
    const client = await clientOf({ fetch: fetchOf(tool) })
    await timesOf(40, () => ask(client, 0, { check: false }))
    const fetchMs = median(await timesOf(calls, () => ask(client, 0, { check: false })))
    await timesOf(40, askOverHttps)
    return { fetchMs, httpsMs: median(await timesOf(calls, askOverHttps)) }
  })
