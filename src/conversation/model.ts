import type { RecordedRequest } from '../cassette/schema.ts'
import { asText } from '../wire/json.ts'
import { bodyOf, pathOf } from './request.ts'

/**
 * The places of a model in a path: `/models/<model>:generateContent` and `/models/<model>` (Gemini),
 * `/model/<model>/converse` (Bedrock, whose ids may hold a colon), `/deployments/<model>/chat/completions` (Azure).
 */
const inPath = /\/(?:models\/([^/:]+)(?=:|$)|(?:model|deployments)\/([^/]+)\/)/

/** The model that a request names in its body, or else in its URL; a recording's own `model` where neither does. */
export function modelOf(request: Pick<RecordedRequest, 'url' | 'body' | 'model'>): string | undefined {
  return asText(bodyOf(request).model) ?? modelInPath(pathOf(request.url)) ?? asText(request.model)
}

function modelInPath(path: string): string | undefined {
  const found = inPath.exec(path)
  return (found?.[1] ?? found?.[2])?.replace(/(?:%[0-9a-f]{2})+/gi, decode)
}

/** A sequence that encodes no text stays as it is: `%FF`. */
function decode(sequence: string): string {
  try {
    return decodeURIComponent(sequence)
  } catch {
    return sequence
  }
}
