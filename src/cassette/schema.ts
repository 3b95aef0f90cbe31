import { z } from 'zod'
import { isBinary } from '../wire/binary.ts'

/**
 * The file format, once: the TypeScript types and the JSON Schema come from here. Objects are open: what an unknown newer
 * field says is kept. Bodies are not looked into, they may be megabytes.
 */
const requestSchema = z.looseObject({
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

/** What Node refuses in a header would otherwise fail in the middle of a replay. */
const headers = z.record(
  z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'is no header name'),
  z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'is no header value'),
)

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const responseBody = z
  .unknown()
  .refine(body => !isBinary(body) || base64.test(body.__base64__), 'holds bad base64')

const responseSchema = z.looseObject({
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

export const recordingSchema = z.looseObject({
  test: z
    .string()
    .describe(
      'The full name of the test it was recorded in; absent for hooks, scripts and recordings by hand.',
    )
    .optional(),
  recorded_at: z.string().describe('The day: 2026-11-23.').optional(),
  request: requestSchema,
  response: responseSchema,
})

export const cassetteSchema = z.looseObject({
  version: z.literal(1),
  recordings: z.array(recordingSchema),
})

/** A request as it is stored. */
export type RecordedRequest = z.infer<typeof requestSchema>
/** A response as it is stored. */
export type RecordedResponse = z.infer<typeof responseSchema>
/** One request with its response. */
export type Recording = z.infer<typeof recordingSchema>
