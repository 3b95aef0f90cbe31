import { otherKeys, placeholderPrefix, providers } from '../providers.ts'

const placeholder = new RegExp(`${placeholderPrefix}(\\w+)`)

/** Puts a placeholder where a provider's key is missing, so that SDK constructors do not throw. */
export function setPlaceholderKeys(environment: NodeJS.ProcessEnv): void {
  for (const name of [...providers.flatMap(({ key }) => key ?? []), ...otherKeys])
    environment[name] ||= placeholderPrefix + name
}

/**
 * Puts placeholders where the credentials are missing for which an SDK would search the disk and then the network.
 * Only for a scope that replays: everywhere else they would hide the profile that a developer has there.
 */
export function setPlaceholderCredentials(environment: NodeJS.ProcessEnv): void {
  for (const { credentials } of providers) {
    if (!credentials) continue
    if (credentials.elsewhere.some(name => environment[name])) continue
    for (const name of credentials.variables) environment[name] ||= placeholderPrefix + name
  }
}

/** Takes them away again. */
export function removePlaceholderCredentials(environment: NodeJS.ProcessEnv): void {
  for (const name of providers.flatMap(({ credentials }) => credentials?.variables ?? []))
    if (environment[name]?.startsWith(placeholderPrefix)) delete environment[name]
}

/** The environment variable whose placeholder a request carries, if it does; such a request is never sent. */
export function missingKeyOf(request: Request): string | undefined {
  return placeholder.exec([request.url, ...request.headers.values()].join('\n'))?.[1]
}
