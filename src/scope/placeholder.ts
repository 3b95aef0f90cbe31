import { otherKeys, providers } from '../providers.ts'

/** Looks like a key to an SDK's constructor, and tells whose key is missing when it turns up in a request. */
const prefix = 'vitest-cassette-placeholder-for-'

/** Puts a placeholder where a provider's key is missing, so that SDK constructors do not throw. */
export function setPlaceholderKeys(environment: NodeJS.ProcessEnv): void {
  for (const name of [...providers.flatMap(({ key }) => key ?? []), ...otherKeys])
    environment[name] ||= prefix + name
}

/** The environment variable whose placeholder a request carries, if it does; such a request is never sent. */
export function missingKeyOf(request: Request): string | undefined {
  const places = [request.url, ...request.headers.values()]
  return places.map(place => new RegExp(`${prefix}(\\w+)`).exec(place)?.[1]).find(name => name !== undefined)
}
