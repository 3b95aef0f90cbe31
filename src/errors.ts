/**
 * What went wrong:
 *
 * - `miss`: requests that no recording answers
 * - `bad-cassette`: a cassette file that is no JSON, or not of the cassette's shape
 * - `bad-name`: a cassette name that does not stay inside the cassette folder
 * - `bad-option`: an unknown option, or a value that it does not take
 * - `no-scope`: `useCassette` where no test or suite is running, or where the interceptor is not set up
 * - `secret`: what looks like a secret stands where it cannot be replaced, and was not written
 * - `http2`: an LLM call over HTTP/2, which can be neither recorded nor replayed
 * - `stray`: an LLM call that belongs to no test that could be told, and that was refused
 * - `not-writable`: the cassette could not be written
 */
export type CassetteErrorCode =
  | 'miss'
  | 'bad-cassette'
  | 'bad-name'
  | 'bad-option'
  | 'no-scope'
  | 'secret'
  | 'http2'
  | 'stray'
  | 'not-writable'

export interface CassetteErrorDetails {
  /** The cassette's file, absolute. */
  file?: string
  /** Where in the file, as a JSON path: `recordings[2].response.status`. */
  path?: string
  /** What was expected; Vitest prints its difference to `actual`. */
  expected?: unknown
  actual?: unknown
  cause?: unknown
}

/** The one error that vitest-cassette throws. `code` tells what went wrong, the message what to do about it. */
export class CassetteError extends Error {
  override name = 'CassetteError'
  readonly code: CassetteErrorCode
  readonly file?: string
  readonly path?: string
  readonly expected?: unknown
  readonly actual?: unknown

  constructor(code: CassetteErrorCode, message: string, details: CassetteErrorDetails = {}) {
    const { cause, ...fields } = details
    super(message, cause === undefined ? {} : { cause })
    this.code = code
    Object.assign(this, fields)
  }
}
