import { asObjects, at, isObject, type Json } from '../wire/json.ts'
import type { Api } from './api.ts'
import { plainText } from './content.ts'
import { usageOf } from './usage.ts'

/** OpenAI's `/v1/embeddings`, Ollama's `/api/embed`, Cohere's `/v2/embed` and Gemini's `:embedContent`. */
export const embeddings: Api = {
  name: 'embeddings',
  isResponse: item => vectorsOf(item).length > 0,
  isRequest: (_body, path) => /embed/i.test(path),
  readRequest: body => textsOf(body).map(text => ({ role: 'input', text: plainText(text) })),
  readResponse: ([item = {}]) => {
    const vectors = vectorsOf(item)
    return {
      answers: [],
      embeddings: { vectors: vectors.length, dimensions: dimensionsOf(vectors[0]) },
      usage: usageOf(
        at(item, 'usage', 'prompt_tokens') ??
          item.prompt_eval_count ??
          at(item, 'meta', 'billed_units', 'input_tokens'),
        undefined,
        at(item, 'usage', 'total_tokens'),
      ),
      model: typeof item.model === 'string' ? item.model : undefined,
    }
  },
}

function vectorsOf({ data, embedding, embeddings }: Json): unknown[] {
  const listed = asObjects(data).filter(entry => 'embedding' in entry)
  if (listed.length > 0) return listed.map(entry => entry.embedding)
  if (embedding !== undefined) return [valuesOf(embedding)]
  const many = isObject(embeddings) ? Object.values(embeddings).find(Array.isArray) : embeddings
  return Array.isArray(many) ? many.map(valuesOf) : []
}

function valuesOf(vector: unknown): unknown {
  return at(vector, 'values') ?? vector
}

/** A vector is a list of numbers, or base64 of 32-bit floats. */
function dimensionsOf(vector: unknown): number | undefined {
  if (typeof vector === 'string') return Buffer.from(vector, 'base64').byteLength / 4
  return Array.isArray(vector) ? vector.length : undefined
}

function textsOf(body: Json): unknown[] {
  const given = body.input ?? body.texts ?? body.prompt ?? at(body, 'content', 'parts')
  const requests = asObjects(body.requests).map(request => at(request, 'content', 'parts'))
  if (given === undefined) return requests
  // A list of numbers is one text, as tokens.
  return Array.isArray(given) && given.every(item => typeof item !== 'number') ? given : [given]
}
