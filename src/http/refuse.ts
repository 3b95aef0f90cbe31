import { errorShapeOf, type ErrorShape } from '../providers.ts'

/**
 * The answer to a call that cannot be answered: HTTP 400 with the explanation where the provider's SDK looks for it.
 * 400 is the one status that none of the SDKs tries again, and `x-should-retry` says so to those that ask.
 */
export function refuse(url: string, message: string): Response {
  return Response.json(shapes[errorShapeOf(new URL(url))](message), {
    status: 400,
    headers: { 'x-should-retry': 'false' },
  })
}

const code = 'cassette_miss'

const shapes: Record<ErrorShape, (message: string) => unknown> = {
  openai: message => ({ error: { message, type: code, code, param: null } }),
  anthropic: message => ({ type: 'error', error: { type: 'invalid_request_error', message } }),
  google: message => ({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }),
  string: message => ({ error: message }),
  message: message => ({ message }),
}
