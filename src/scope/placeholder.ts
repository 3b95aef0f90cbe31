import { otherKeys, placeholderPrefix, providers } from '../providers.ts'

/** Puts a placeholder where a provider's key is missing, so that SDK constructors do not throw. */
export function setPlaceholderKeys(environment: NodeJS.ProcessEnv): void {
  for (const name of [...providers.flatMap(({ key }) => key ?? []), ...otherKeys])
    environment[name] ||= placeholderPrefix + name
}

/** The environment variable whose placeholder a request carries, if it does; such a request is never sent. */
export function missingKeyOf(request: Request): string | undefined {
  const places = [request.url, ...request.headers.values()]
  return places
    .map(place => new RegExp(`${placeholderPrefix}(\\w+)`).exec(place)?.[1])
    .find(name => name !== undefined)
}
