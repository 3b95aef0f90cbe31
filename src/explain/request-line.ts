import { endpointOf, withoutCredentials } from '../match/address.ts'
import { providerOf } from '../providers.ts'

/** Where a request goes, in one line: `OpenAI POST /v1/chat/completions`. */
export function targetLine({ method, url }: { method: string; url: string }): string {
  const parsed = new URL(withoutCredentials(url))
  return `${providerOf(parsed)?.name ?? parsed.host} ${method} ${endpointOf(parsed)}`
}
