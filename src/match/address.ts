import { unversionedBase } from '../providers.ts'

/**
 * The path of a call. Tools glue a base URL and an endpoint together, which doubles the version segment
 * (`/v1/v1/chat/completions`, as the seed recording shows) or adds one that the API does not have: it is written once.
 */
export function endpointOf(url: URL): string {
  return url.pathname.replace(/\/(v\d\w*)\/\1(?=\/|$)/g, '/$1').replace(unversionedBase, '$1')
}

/** The host of a recording whose host was blanked out (`__databricks__`): it answers whichever host is asked. */
export function isAnyHost(host: string): boolean {
  return /^__\w+__$/.test(host)
}

const credentials =
  /^(?:key|api[-_]?key|access[-_]?token|token|sig|signature|x-amz-(?:signature|credential|security-token))$/i

/** The URL without user name, password, fragment and credentials in the query. */
export function withoutCredentials(input: string): string {
  const url = new URL(input)
  const names = [...url.searchParams.keys()].filter(name => credentials.test(name))
  if (names.length === 0 && !url.username && !url.password && !url.hash) return input
  for (const name of names) url.searchParams.delete(name)
  url.username = url.password = url.hash = ''
  return url.href
}
