import fc from './support/fast-check.ts'
import { expect, test } from 'vitest'
import { isSameKey, keyOf } from '../src/match/key.ts'
import { Index } from '../src/match/recording-index.ts'
import type { RecordedRequest, Recording } from '../src/cassette/schema.ts'
import { redactRequest } from '../src/redact/recording.ts'
import { Redactor } from '../src/redact/redactor.ts'

const secret = 'hunter2-"quoted"\\and\nbroken'
const redactor = new Redactor({}, { MY_SECRET: secret })
const redaction = {
  redact: (request: RecordedRequest) => redactRequest(request, redactor),
  suspects: (text: string) => redactor.suspects(text),
}
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
      const index = new Index(recordings, dates ? { dates } : {}, redaction)
      for (const asked of requests) {
        const wanted = index.normalize(asked)
        const { host: _, ...anywhere } = wanted
        const same = (other: RecordedRequest, as: typeof anywhere) =>
          isSameKey(keyOf(index.normalize(other)), keyOf(as))
        const own = recordings.filter(recording => same(recording.request, wanted))
        const free =
          wanted.host === undefined ? [] : recordings.filter(recording => same(recording.request, anywhere))
        expect(index.answersTo(wanted)).toEqual([...own, ...free])
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
      const index = new Index(recordings, dates ? { dates } : {}, redaction)
      for (const asked of stored) {
        const text = JSON.stringify(asked.body)
        const found = index.answersToText(asked, text)
        // A text is no JSON, and the method of a request is in capitals.
        expect(found === undefined).toBe(typeof asked.body === 'string' || asked.method === 'post')
        if (found) expect(found.body).toEqual(asked.body)
        if (found) expect(found.recordings).toBe(index.answersTo(index.normalize(asked)))
        expect(index.answersToText(asked, `${text} `)).toBeUndefined()
      }
    }),
    { numRuns: 1000 },
  )
})

test('an index made from the one before says what a new one says', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(request, fc.boolean(), fc.boolean())), given => {
      const all = given.map(([asked, before, now]) => ({
        before,
        now,
        recording: { request: asked, response: {} } satisfies Recording,
      }))
      const of = (time: 'before' | 'now') => all.filter(one => one[time]).map(({ recording }) => recording)
      const before = new Index(of('before'), {}, redaction)
      const [made, anew] = [new Index(of('now'), {}, redaction, before), new Index(of('now'), {}, redaction)]
      for (const { recording } of all) {
        const wanted = anew.normalize(recording.request)
        expect(made.answersTo(wanted)).toEqual(anew.answersTo(wanted))
        const text = JSON.stringify(recording.request.body)
        expect(made.answersToText(recording.request, text)).toEqual(
          anew.answersToText(recording.request, text),
        )
      }
    }),
    { numRuns: 1000 },
  )
})
