import { isObject } from '../wire/json.ts'
import { parsePythonLiteral } from './python-literal.ts'

type Fields = Record<string, unknown>

/** What a dump tells of an exception that an SDK threw. */
export interface SdkException {
  message: string
  type: string
  /** Absent where the dump names no HTTP status. */
  status: number | undefined
  /** The body of the response. */
  body: unknown
}

/** @param response that of a dump with `is_exception` */
export function readException({ status, exception_data, exception_message }: Fields): SdkException {
  const data = isObject(exception_data) ? exception_data : {}
  const message = String(data.message ?? exception_message ?? 'unknown')
  const [, code, printed = ''] = /^Error code: (\d{3})(?: - ([^]*))?$/.exec(message) ?? []
  // `exception_data` holds only the `error` of the body, the message all of it: watsonx/chat_completions.exception.11e4757761.
  const whole = parsePythonLiteral(printed)
  return {
    message,
    type: String(data.type ?? ''),
    status: [data.status_code, code, status].filter(isSet).map(Number)[0],
    body: isObject(whole) ? whole : { error: isSet(data.body) ? data.body : { message } },
  }
}

/** Whether the SDK threw because it could not connect. */
export function isNoConnection({ type, message, status }: SdkException): boolean {
  return (
    status === undefined &&
    (/(?:Connection|Timeout)Error$/.test(type) || /^(?:Connection error|Request timed out)\.$/.test(message))
  )
}

/** The response after which an SDK throws this exception. */
export function responseOfException(exception: SdkException): Fields {
  if (isNoConnection(exception)) return { is_streaming: false, ended: 'error' }
  // The SDK threw after it had tried as often as it would, so the SDK of an app is not to try again.
  const headers = { 'content-type': 'application/json', 'x-should-retry': 'false' }
  return { is_streaming: false, status: exception.status, headers, body: exception.body }
}

export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}
