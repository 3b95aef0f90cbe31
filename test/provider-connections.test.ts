import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { CassetteError } from 'vitest-cassette'
import { withCassette } from 'vitest-cassette/node'
import { completeWith, startProvider, type Reply } from './support/provider.ts'

const capturedFetch = globalThis.fetch

const dir = () => mkdtempSync(path.join(tmpdir(), 'connections-'))
const headers = {
  'content-type': 'application/json',
  accept: 'application/json',
  authorization: 'Bearer real',
}
const call = (content: string) => ({
  method: 'POST',
  headers,
  body: JSON.stringify({ model: 'test-model', messages: [{ role: 'user', content }] }),
})

// undici, once it is loaded, has a dispatcher of its own in place of Node's.
const loadUndici = () => import('undici')

test('a provider gets the request as it would without a cassette', async () => {
  const seen: unknown[] = []
  const reply: Reply = async (request, response) => {
    seen.push(request.headers)
    await completeWith(() => 'Washington')(request, response)
  }
  await using provider = await startProvider(reply)
  const url = `${provider.url}/chat/completions`
  await (await capturedFetch(url, call('as it is'))).text()
  await withCassette('recorded', async () => (await fetch(url, call('as it is'))).text(), {
    dir: dir(),
    mode: 'auto',
  })
  expect(seen[1]).toEqual(seen[0])
})

test('a call that is to be answered gets no connection over which others were recorded', async () => {
  await using provider = await startProvider(completeWith(() => 'Washington'))
  const url = `${provider.url}/chat/completions`
  const cassettes = dir()
  await withCassette('recorded', async () => (await fetch(url, call('recorded'))).text(), {
    dir: cassettes,
    mode: 'auto',
  })

  const { request: undiciRequest } = await loadUndici()
  const missed = withCassette(
    'other',
    () =>
      Promise.all([
        fetch(url, call('fetch')),
        capturedFetch(url, call('captured fetch')),
        undiciRequest(url, call('undici')),
      ]),
    { dir: cassettes, mode: 'replay' },
  )
  await expect(missed).rejects.toThrow(CassetteError)
  expect(provider.requests).toEqual([call('recorded').body])
})

test('a call that comes over a socket while another is recorded is recorded too', async () => {
  await using provider = await startProvider(completeWith(() => 'Washington'))
  const url = `${provider.url}/chat/completions`
  const { request: undiciRequest } = await loadUndici()
  const outcomes = await withCassette(
    'recorded',
    async cassette => {
      await (await fetch(url, call('fetch'))).text()
      await (await capturedFetch(url, call('captured fetch'))).text()
      await (await undiciRequest(url, call('undici'))).body.text()
      return () => cassette.calls.map(({ outcome }) => outcome)
    },
    { dir: dir(), mode: 'auto' },
  )
  expect(outcomes()).toEqual(['recorded', 'recorded', 'recorded'])
  expect(provider.requests).toHaveLength(3)
})

test("a user's own dispatcher, with its proxy or its certificates, carries what is recorded", async () => {
  await using provider = await startProvider(completeWith(() => 'Washington'))
  const { Agent, getGlobalDispatcher, setGlobalDispatcher } = await loadUndici()
  const original = getGlobalDispatcher()
  onTestFinished(() => setGlobalDispatcher(original))
  const origins: unknown[] = []
  class Watched extends Agent {
    override dispatch(...args: Parameters<InstanceType<typeof Agent>['dispatch']>): boolean {
      origins.push(String(args[0].origin))
      return super.dispatch(...args)
    }
  }
  const url = `${provider.url}/chat/completions`
  const record = (name: string) =>
    withCassette(name, async () => (await fetch(url, call(name))).text(), { dir: dir(), mode: 'auto' })
  await record('before')
  expect(origins).toEqual([])
  setGlobalDispatcher(new Watched())
  await record('after')
  expect(origins).toEqual([new URL(url).origin])
  expect(provider.requests).toHaveLength(2)
})
