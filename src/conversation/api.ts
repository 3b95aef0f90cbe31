import type { Json } from '../wire/json.ts'
import type { Message, Reading } from './conversation.ts'

/** How one API is asked and how it answers. An API is known by its bodies, because many servers speak another one's. */
export interface Api {
  name: string
  /** Whether an item of a response is of this API. A body is one item; each event of a stream is one. */
  isResponse: (item: Json) => boolean
  /** Whether a request is of this API. */
  isRequest: (body: Json, path: string) => boolean
  readRequest: (body: Json) => Message[]
  /** @param items all items of the response for which `isResponse` holds */
  readResponse: (items: Json[]) => Reading
}
