import { writeFileSync } from 'node:fs'
import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from './support/fast-check.ts'
import { beforeEach, expect, test } from 'vitest'
import { CassetteError, withCassette } from 'vitest-cassette/node'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
})

const url = 'https://api.openai.com/v1/chat/completions'
const recording = (response: object, request: object = {}) => ({
  request: { method: 'POST', url, headers: {}, body: { q: 1 }, ...request },
  response: { status: 200, ...response },
})
const play = async (name: string, body = '{"q":1}') =>
  withCassette(name, async () => (await fetch(url, { method: 'POST', body })).text(), { dir, mode: 'replay' })
async function playText(
  text: string,
  q = 1,
  name = 'hostile',
): Promise<{ answer?: string; error?: CassetteError }> {
  // Ten thousand times, at once: each turn that is waited for takes longer than the rest.
  writeFileSync(path.join(dir, `${name}.json`), text)
  return play(name, JSON.stringify({ q })).then(
    answer => ({ answer }),
    (error: unknown) => ({ error: error as CassetteError }),
  )
}

test.for<[string, object, string]>([
  ['bad base64', { body: { __base64__: 'not base64!' } }, 'response.body'],
  ['a header with a line break', { headers: { 'x-a': 'b\r\nset-cookie: c=d' } }, 'response.headers'],
  ['a header whose name has a line break', { headers: { 'x-a\r\nb': 'c' } }, 'response.headers'],
  ['status 99', { status: 99 }, 'response.status'],
  ['status 101', { status: 101 }, 'response.status'],
  ['status 600', { status: 600 }, 'response.status'],
  ['status 200.5', { status: 200.5 }, 'response.status'],
  ['a negative time', { timing: [-1] }, 'response.timing[0]'],
  ['an end that is none', { ended: 'maybe' }, 'response.ended'],
])('%s in a cassette is an error with file and path', async ([, response, place]) => {
  const { error } = await playText(JSON.stringify({ version: 1, recordings: [recording(response)] }))
  expect(error).toMatchObject({
    name: 'CassetteError',
    code: 'bad-cassette',
    file: path.join(dir, 'hostile.json'),
  })
  expect(error?.path).toContain(`recordings[0].${place}`)
})

test('keys like __proto__ and constructor are data, and pollute nothing', async () => {
  const evil = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1}'
  const text = `{"version":1,"__proto__":{"polluted":true},"recordings":[{"request":{"method":"POST","url":"${url}","body":${evil}},
    "response":{"status":200,"is_streaming":true,"body":[${evil}]}}]}`
  await writeFile(path.join(dir, 'evil.json'), text)
  expect(await play('evil', evil)).toBe(`data: ${evil}\n\n`)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

test.for(['request', 'response'])('a %s of 100,000 levels is an error, not a crash', async where => {
  const bodies = { request: '{"q":1}', response: '{}', [where]: deep(100_000) }
  const { error } = await playText(
    `{"request":{"method":"POST","url":"${url}","body":${bodies.request}},"response":{"status":200,"body":${bodies.response}}}`,
  )
  expect(error).toMatchObject({ code: 'bad-cassette', file: path.join(dir, 'hostile.json') })
})

test('a request of 100,000 levels that the app makes is answered, with an error or a miss', async () => {
  await writeFile(path.join(dir, 'talk.json'), JSON.stringify(recording({ body: {} })))
  await expect(play('talk', deep(100_000))).rejects.toThrow()
})

test('100,000 recordings are a cassette like any other', async () => {
  const recordings = Array.from({ length: 100_000 }, (_, q) => recording({ body: { q } }, { body: { q } }))
  await writeFile(path.join(dir, 'many.json'), JSON.stringify({ version: 1, recordings }))
  expect(await play('many', '{"q":99999}')).toBe('{"q":99999}')
})

const seed = JSON.parse(
  await readFile(path.resolve(import.meta.dirname, '../fixtures/capital-question.json'), 'utf8'),
) as Record<string, unknown>
const valid = JSON.stringify({
  version: 1,
  recordings: [
    recording({
      is_streaming: true,
      event_names: 'type',
      body: [{ type: 'a' }, { __event__: 'b', __data__: {} }, '[DONE]'],
    }),
    recording(
      { is_streaming: true, format: 'ndjson', body: [{ a: 1 }, 'x', { __raw__: 'y' }] },
      { body: { q: 2 } },
    ),
    recording(
      { body: { __base64__: 'AAEC' }, headers: { 'content-type': 'application/vnd.amazon.eventstream' } },
      { body: { q: 3 } },
    ),
    { ...seed, test: 'x', recorded_at: '2026-11-23' },
  ],
})

const nasty = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    '__proto__',
    '../../etc/passwd',
    '\u0000',
    '\ud800',
    '\r\n',
    'file:///etc/passwd',
    'javascript:1',
    -0,
    Number.MAX_VALUE,
  ),
)
/** The valid text with a piece cut out, doubled, or replaced by something nasty. */
const mutated = fc
  .tuple(fc.nat(valid.length), fc.nat(60), fc.constantFrom('cut', 'double', 'replace', 'value'), nasty)
  .map(([at, length, how, value]) => {
    const piece = valid.slice(at, at + length)
    if (how === 'cut') return valid.slice(0, at) + valid.slice(at + length)
    if (how === 'double') return valid.slice(0, at) + piece + valid.slice(at)
    if (how === 'replace') return valid.slice(0, at) + JSON.stringify(value) + valid.slice(at + length)
    // The value of some key, so that the JSON stays whole.
    return (
      valid.slice(0, at) +
      valid.slice(at).replace(/:(?:"[^"]*"|[\d.]+|\{\}|true|null)/, `:${JSON.stringify(value) ?? 'null'}`)
    )
  })

test('each of 10,000 mutated cassettes is played or refused with a clear error, and none does harm', async () => {
  const ends = { played: 0, missed: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(mutated, fc.integer({ min: 1, max: 3 }), async (text, q) => {
      const { answer, error } = await playText(text, q)
      if (answer !== undefined) ends.played++
      else {
        expect(error).toBeInstanceOf(CassetteError)
        expect(error!.file, error!.message).toBe(path.join(dir, 'hostile.json'))
        ends[error!.code === 'miss' ? 'missed' : 'refused']++
      }
    }),
    { numRuns: 10_000, endOnFailure: true },
  )
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  expect(await readdir(dir)).toEqual(['hostile.json'])
  // The mutations reach all three ends, or this test would not say much.
  expect(Math.min(...Object.values(ends))).toBeGreaterThan(3)
}, 120_000)
