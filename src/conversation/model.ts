import type { RecordedRequest } from '../cassette/schema.ts'
import { asText, at } from './json.ts'

/** Model names in a path: `/models/<model>:generateContent`, `/model/<model>/converse`, `/deployments/<model>/…`. */
const inPath = /\/(?:models\/([^/:]+):|model\/([^/]+)\/|deployments\/([^/]+)\/)/

/** The model that a request names, in its body or its URL. */
export function modelOf(request: RecordedRequest): string | undefined {
  const found = inPath.exec(pathOf(request.url))?.slice(1).find(Boolean)
  return asText(at(request.body, 'model')) ?? asText(request.model) ?? decoded(found)
}

/** The path of a URL, whatever its scheme. */
export function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : ''
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text)
  } catch {
    return text
  }
}
