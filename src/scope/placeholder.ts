import { otherKeys, providerOf, providers } from '../providers.ts'

/** Looks like a key to an SDK's constructor, and can be found again in a request. */
const placeholder = 'vitest-cassette-placeholder'

/** Puts a placeholder where a provider's key is missing, so that SDK constructors do not throw. */
export function setPlaceholderKeys(environment: NodeJS.ProcessEnv): void {
  for (const name of [...providers.flatMap(({ key }) => key ?? []), ...otherKeys])
    environment[name] ||= placeholder
}

/** Whether a request carries a placeholder; such a request is never sent. */
export function carriesPlaceholder(request: Request): boolean {
  return (
    request.url.includes(placeholder) ||
    [...request.headers.values()].some(value => value.includes(placeholder))
  )
}

/** The variables to set for this URL: the provider's own, or, on an unknown host, those that hold a placeholder. */
export function missingKeys(url: string, environment: NodeJS.ProcessEnv): string[] {
  const own = providerOf(new URL(url))?.key
  if (own !== undefined && environment[own] === placeholder) return [own]
  return own === undefined ? [] : [own]
}
