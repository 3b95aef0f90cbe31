import { asText, at, isObject, type Json } from './json.ts'

/**
 * What a provider says went wrong, in a body or in the middle of a stream.
 *
 * @param failed whether the status says so: only then is a bare `message` an error
 */
export function errorOf(items: readonly Json[], failed: boolean): string | undefined {
  return items.map(item => errorIn(item, failed)).find(error => error !== undefined)
}

function errorIn(item: Json, failed: boolean): string | undefined {
  const error = item.error ?? at(item, 'response', 'error')
  const thrown = Object.entries(item).find(([type]) => type.endsWith('Exception'))?.[1]
  const said = failed || item.type === 'error' ? (item.message ?? item.detail ?? item.Message) : undefined
  return (
    asText(error) ??
    asText(at(error, 'message')) ??
    asText(at(thrown, 'message')) ??
    asText(said) ??
    (isObject(error) ? JSON.stringify(error) : undefined)
  )
}
