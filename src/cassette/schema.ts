import type { z as Zod } from 'zod'
import { load } from '../load.ts'
import { isBinary } from '../wire/binary.ts'
import {
  boolean,
  dictionary,
  either,
  list,
  numberThat,
  oneOf,
  optional,
  shape,
  text,
  textLike,
  textThat,
} from './checks.ts'

/** Node refuses other names and values of headers, which would end a replay in the middle. */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/
/** Node decodes what is no base64 without an error. */
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const isResponseBody = (body: unknown) => !isBinary(body) || base64.test(body.__base64__)

/**
 * The file format. The TypeScript types, the JSON Schema and the explanations of what is wrong in a file come from here.
 * Objects may have other fields, so that those of a newer version are kept. Bodies may have any content.
 */
function makeSchemas(z: typeof Zod) {
  const request = z.looseObject({
    method: z.string().describe('GET, POST, ...'),
    url: z.url().describe('Without user, password and credentials in the query.'),
    headers: z
      .record(z.string(), z.string())
      .describe('Only those that the option match.headers asks for.')
      .optional(),
    body: z
      .unknown()
      .describe('JSON, text, { __multipart__ } or { __sha256__, bytes }; absent: no body.')
      .optional(),
    endpoint: z.string().nullish().describe('The path of the URL, for readers.'),
    model: z.string().nullish().describe('The model that the request names, for readers.'),
  })

  const headers = z.record(
    z.string().regex(headerName, 'is no header name'),
    z.string().regex(headerValue, 'is no header value'),
  )

  const responseBody = z
    .unknown()
    .refine(isResponseBody, 'holds bad base64')
    // JSON Schema cannot say what a function checks, so the pattern stands here, too.
    .meta({ properties: { __base64__: { pattern: base64.source } } })

  const response = z.looseObject({
    status: z.int().min(200).max(599).optional(),
    headers: headers.describe('content-type, retry-after, request ids: nothing else is stored.').optional(),
    is_streaming: z.boolean().describe('Whether the body is a list of events.').optional(),
    format: z.literal('ndjson').describe('The events are lines of JSON, not server-sent events.').optional(),
    event_names: z.literal('type').describe('Every event is named like the type of its data.').optional(),
    body: responseBody
      .describe(
        'JSON, text, { __base64__ }, or a list of events: a JSON value, verbatim text, or { __event__, __data__ }.',
      )
      .optional(),
    timing: z.array(z.number().min(0)).describe('Milliseconds before each item of the body.').optional(),
    ended: z
      .enum(['complete', 'aborted', 'error'])
      .describe('Read to its end (default), left by the client, or broken off by the provider.')
      .optional(),
  })

  const recording = z.looseObject({
    test: z
      .string()
      .describe(
        'The full name of the test it was recorded in; absent for hooks, scripts and recordings by hand.',
      )
      .optional(),
    recorded_at: z.string().describe('The day: 2026-11-23.').optional(),
    request,
    response,
  })

  const cassette = z.looseObject({
    version: z.literal(1),
    recordings: z.array(recording),
  })
  return { request, response, recording, cassette }
}

type Schemas = ReturnType<typeof makeSchemas>
let made: Schemas | undefined

/** Makes the schemas when they are asked for first: a cassette that is valid needs neither them nor zod. */
export function schemas(): Schemas {
  return (made ??= makeSchemas(load('zod').z))
}

const request = shape({
  method: text,
  // Zod accepts white space around a URL, and takes it away; such a recording has to go through zod.
  url: textThat(url => /^\S+$/.test(url) && URL.canParse(url)),
  headers: optional(dictionary(text, text)),
  endpoint: either(oneOf(undefined, null), text),
  model: either(oneOf(undefined, null), text),
})

const response = shape({
  status: optional(numberThat(status => Number.isInteger(status) && status >= 200 && status <= 599)),
  headers: optional(dictionary(textLike(headerName), textLike(headerValue))),
  is_streaming: optional(boolean),
  format: oneOf(undefined, 'ndjson'),
  event_names: oneOf(undefined, 'type'),
  body: isResponseBody,
  timing: optional(list(numberThat(ms => ms >= 0))),
  ended: oneOf(undefined, 'complete', 'aborted', 'error'),
})

const recording = shape({ test: optional(text), recorded_at: optional(text), request, response })
const cassette = shape({ version: oneOf(1), recordings: Array.isArray })

/** Whether this is a recording that zod accepts, and leaves as it is. */
export function isRecording(content: unknown): content is Recording {
  return recording(content)
}

/** Whether this is a cassette. Its recordings may be in other formats, and are to be checked one by one. */
export function isCassette(content: unknown): content is { recordings: unknown[] } {
  return cassette(content)
}

/** A request as it is stored. */
export type RecordedRequest = Zod.infer<Schemas['request']>
/** A response as it is stored. */
export type RecordedResponse = Zod.infer<Schemas['response']>
/** One request with its response. */
export type Recording = Zod.infer<Schemas['recording']>
