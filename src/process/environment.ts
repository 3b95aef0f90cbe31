import { placeholderPrefix, providers } from '../providers.ts'

/** Puts a placeholder where a provider's key is missing, so that SDK constructors do not throw. */
export function setPlaceholderKeys(environment: NodeJS.ProcessEnv): void {
  const given = new Set(Object.keys(environment).filter(name => isGiven(environment[name])))
  for (const { keys = [], keyPrefix = '', yieldsTo } of providers)
    for (const name of keys)
      if (!yieldsTo?.[name]?.some(other => given.has(other)))
        environment[name] ||= keyPrefix + placeholderPrefix + name
}

/** Whether a variable has a value of the user's own. */
export function isGiven(value: string | undefined): boolean {
  return Boolean(value) && !value?.includes(placeholderPrefix)
}

/**
 * Puts placeholders where the credentials are missing for which an SDK would search the disk and then the network. It does
 * so for a cassette that replays only: everywhere else they would hide the profile that a developer has there.
 */
export function preparePlaceholderCredentials(environment: NodeJS.ProcessEnv, replays: boolean): void {
  if (replays) setPlaceholderCredentials(environment)
  else removePlaceholderCredentials(environment)
}

function setPlaceholderCredentials(environment: NodeJS.ProcessEnv): void {
  for (const { credentials } of providers) {
    if (!credentials) continue
    if (credentials.elsewhere.some(name => environment[name])) continue
    for (const name of credentials.variables) environment[name] ||= placeholderPrefix + name
  }
}

function removePlaceholderCredentials(environment: NodeJS.ProcessEnv): void {
  for (const name of providers.flatMap(({ credentials }) => credentials?.variables ?? []))
    if (environment[name]?.startsWith(placeholderPrefix)) delete environment[name]
}
