import { asText, at, isObject, type Json } from '../wire/json.ts'

/**
 * The provider's message about what went wrong, from a body or from an event of a stream.
 *
 * @param failed whether the status is one of an error: only then is a bare `message` taken for one
 */
export function errorOf(items: readonly Json[], failed: boolean): string | undefined {
  return items.map(item => errorIn(item, failed)).find(error => error !== undefined)
}

function errorIn(item: Json, failed: boolean): string | undefined {
  const error = item.error ?? at(item, 'response', 'error')
  const exception = Object.entries(item).find(([type]) => type.endsWith('Exception'))?.[1]
  const bare = failed || item.type === 'error' ? (item.message ?? item.detail ?? item.Message) : undefined
  return (
    asText(error) ??
    asText(at(error, 'message')) ??
    asText(at(exception, 'message')) ??
    asText(bare) ??
    (isObject(error) ? JSON.stringify(error) : undefined)
  )
}
