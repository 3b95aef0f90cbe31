import type { RecordedRequest, RecordedResponse } from '../cassette/schema.ts'
import { apiChat } from './api-chat.ts'
import { chatCompletions } from './chat-completions.ts'
import { chatV2 } from './chat-v2.ts'
import { completions } from './completions.ts'
import { converse } from './converse.ts'
import type { Conversation, Reading } from './conversation.ts'
import { embeddings } from './embeddings.ts'
import { errorOf } from './error.ts'
import { generateContent } from './generate-content.ts'
import { interactions } from './interactions.ts'
import { itemsOf } from './items.ts'
import type { Json } from './json.ts'
import { messages } from './messages.ts'
import { modelOf } from './model.ts'
import { bodyOf, pathOf } from './request.ts'
import { responses } from './responses.ts'
import type { Shape } from './shape.ts'

/** The first that fits is taken: those that look at more come before those that look at less. */
const shapes: readonly Shape[] = [
  embeddings,
  interactions,
  chatV2,
  converse,
  messages,
  apiChat,
  generateContent,
  responses,
  completions,
  chatCompletions,
]

/**
 * Reads a call as the conversation it is: the messages of the request, and the answer put together from the stream or
 * the body, the same over all APIs.
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
  const asked = bodyOf(request)
  const path = pathOf(request.url)
  const answering = shapeOf(items)
  // An answer may have the shape of another family: fill-in-the-middle is asked with a prompt, answered like a chat.
  const asking = answering?.asks(asked, path) ? answering : shapes.find(({ asks }) => asks(asked, path))
  const reading = readItems(items, answering)
  return {
    ...reading,
    api: (answering ?? asking)?.name,
    messages: (asking ?? answering)?.messages(asked) ?? [],
    model: modelOf(request) ?? reading.model,
    modelVersion: reading.model,
    error: errorOf(items, (response?.status ?? 200) >= 400),
  }
}

/** What the response alone says: to know it, a long request need not be looked at. */
export function readResponse(response: Pick<RecordedResponse, 'body' | 'status'>): Reading {
  const items = itemsOf(response)
  return readItems(items, shapeOf(items))
}

function shapeOf(items: readonly Json[]): Shape | undefined {
  return shapes.find(({ answers }) => items.some(answers))
}

function readItems(items: readonly Json[], shape: Shape | undefined): Reading {
  return shape?.read(items.filter(shape.answers)) ?? { answers: [] }
}
