import type { RecordedRequest, RecordedResponse } from '../cassette/schema.ts'
import type { Json } from '../wire/json.ts'
import { anthropicMessages } from './anthropic-messages.ts'
import type { Api } from './api.ts'
import { bedrockConverse } from './bedrock-converse.ts'
import { cohereChat } from './cohere-chat.ts'
import type { Conversation, Reading } from './conversation.ts'
import { embeddings } from './embeddings.ts'
import { errorOf } from './error.ts'
import { geminiGenerate } from './gemini-generate.ts'
import { geminiInteractions } from './gemini-interactions.ts'
import { itemsOf } from './items.ts'
import { modelOf } from './model.ts'
import { ollamaChat } from './ollama-chat.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiCompletions } from './openai-completions.ts'
import { openaiResponses } from './openai-responses.ts'
import { bodyOf, pathOf } from './request.ts'

/** The first API that fits is taken, so an API that looks at more of a body comes before one that looks at less. */
const apis: readonly Api[] = [
  embeddings,
  geminiInteractions,
  cohereChat,
  bedrockConverse,
  anthropicMessages,
  ollamaChat,
  geminiGenerate,
  openaiResponses,
  openaiCompletions,
  openaiChat,
]

/**
 * Reads a call as the conversation that it is: the messages of the request, and the answer that the events of the
 * stream (or the body) add up to, in one form for all APIs.
 *
 * @param response absent where none came
 *
 * @example
 * const { answers, usage } = readConversation(recording.request, recording.response)
 * answers[0]?.text // 'The name of the US capital is Washington, D.C.'
 */
export function readConversation(
  request: RecordedRequest,
  response?: Pick<RecordedResponse, 'body' | 'status'>,
): Conversation {
  const items = response ? itemsOf(response) : []
  const body = bodyOf(request)
  const responseApi = apiOf(items)
  const requestApi = findRequestApi(body, pathOf(request.url), responseApi)
  const reading = readItems(items, responseApi)
  return {
    ...reading,
    api: (responseApi ?? requestApi)?.name,
    messages: (requestApi ?? responseApi)?.readRequest(body) ?? [],
    model: modelOf(request) ?? reading.model,
    modelVersion: reading.model,
    error: errorOf(items, (response?.status ?? 200) >= 400),
  }
}

/** Reads what the response alone says, so that a long request is not looked at. */
export function readResponse(response: Pick<RecordedResponse, 'body' | 'status'>): Reading {
  const items = itemsOf(response)
  return readItems(items, apiOf(items))
}

function apiOf(items: readonly Json[]): Api | undefined {
  return apis.find(({ isResponse }) => items.some(isResponse))
}

/** The two sides may differ: fill-in-the-middle is asked like the completions API and answered like a chat. */
function findRequestApi(body: Json, path: string, responseApi: Api | undefined): Api | undefined {
  if (responseApi?.isRequest(body, path)) return responseApi
  return apis.find(({ isRequest }) => isRequest(body, path))
}

function readItems(items: readonly Json[], api: Api | undefined): Reading {
  return api?.readResponse(items.filter(api.isResponse)) ?? { answers: [] }
}
