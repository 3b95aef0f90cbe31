import fc from './support/fast-check.ts'
import { expect, test } from 'vitest'
import { keyOf } from '../src/match/key.ts'
import { RecordingIndex } from '../src/match/recording-index.ts'
import type { RecordedRequest, Recording } from '../src/cassette/schema.ts'
import { redactRequest } from '../src/redact/recording.ts'
import { Redactor } from '../src/redact/redactor.ts'

const secret = 'hunter2-"quoted"\\and\nbroken'
const redactor = new Redactor({}, { MY_SECRET: secret })
const redact = (request: RecordedRequest) => redactRequest(request, redactor)
const key = `sk-${'a1B2'.repeat(12)}`
const uuid = '0b4d4f0a-9c3e-4b1e-8f60-3f1d6f1f3a10'

/** Texts that are the same once they are normalized, and some that are not. */
const text = fc.oneof(
  fc.constantFrom(
    'a\r\nb',
    'a\nb',
    secret,
    key,
    '<redacted:x>',
    '<redacted:y>',
    uuid,
    'call_abcdef',
    'b"a',
    '',
  ),
  fc.constantFrom('x', 'y').map(letter => letter.repeat(600)),
  fc.string({ maxLength: 3 }),
)
const object = (value: fc.Arbitrary<unknown>) =>
  fc
    .dictionary(fc.constantFrom('id', 'call_id', 'role', '7', 'a"b', key), value, {
      maxKeys: 4,
      noNullPrototype: true,
    })
    .chain(made => fc.shuffledSubarray(Object.entries(made), { minLength: Object.keys(made).length }))
    .map(entries => Object.fromEntries(entries))
const { body } = fc.letrec(tie => ({
  body: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.constantFrom(1, -0, true, null),
    object(tie('body')),
    fc.array(tie('body'), { maxLength: 3 }),
  ),
}))
const url = fc.constantFrom(
  'https://a.test/v1/chat/completions',
  'https://a.test/v1/v1/chat/completions?key=1',
  'https://A.test:443/v1/chat/completions',
  'https://__any__/v1/chat/completions',
)
const request = fc.record({ method: fc.constantFrom('POST', 'post'), url, body })

test('the recordings that answer a request are all those of the same key, and no others', () => {
  fc.assert(
    fc.property(fc.array(request, { minLength: 2, maxLength: 12 }), fc.boolean(), (requests, dates) => {
      const recordings: Recording[] = requests.map(stored => ({ request: stored, response: { headers: {} } }))
      const index = new RecordingIndex(recordings, { match: dates ? { dates } : {}, redact })
      for (const asked of requests) {
        const wanted = index.normalize(asked)
        const { host: _, ...anywhere } = wanted
        const same = (other: RecordedRequest, as: typeof anywhere) =>
          keyOf(index.normalize(other)) === keyOf(as)
        const own = recordings.filter(recording => same(recording.request, wanted))
        const free =
          wanted.host === undefined ? [] : recordings.filter(recording => same(recording.request, anywhere))
        expect(index.find(wanted)).toEqual([...own, ...free])
      }
    }),
    { numRuns: 1000 },
  )
})

test('a request with the text of a recording is answered by the recordings of its key, without being read', () => {
  fc.assert(
    fc.property(fc.array(request, { minLength: 2, maxLength: 12 }), fc.boolean(), (requests, dates) => {
      // As they come from a file.
      const stored = requests.map(({ body: value, ...rest }) => ({
        ...rest,
        body: JSON.parse(JSON.stringify(value)),
      }))
      const recordings: Recording[] = stored.map(asked => ({ request: asked, response: { headers: {} } }))
      const index = new RecordingIndex(recordings, { match: dates ? { dates } : {}, redact })
      for (const asked of stored) {
        const text = JSON.stringify(asked.body)
        const found = index.findText({ method: 'POST', url: asked.url, body: text })
        const answersAnyHost = stored.some(other => other.url.includes('__any__'))
        // A body that is text is no JSON.
        expect(found === undefined).toBe(typeof asked.body === 'string' || answersAnyHost)
        if (found) expect(found).toBe(index.find(index.normalize(asked)))
        expect(index.findText({ method: 'POST', url: asked.url, body: `${text} ` })).toBeUndefined()
      }
    }),
    { numRuns: 1000 },
  )
})
