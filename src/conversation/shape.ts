import type { Message, Reading } from './conversation.ts'
import type { Json } from './json.ts'

/** How one family of APIs asks and answers. Known by the shape of its bodies, whoever serves it. */
export interface Shape {
  name: string
  /** Whether a body, or an event of a stream, is an answer of this family. */
  answers: (item: Json) => boolean
  /** Whether a request is of this family; only asked where the response does not tell. */
  asks: (body: Json, path: string) => boolean
  /** The messages of a request. */
  messages: (body: Json) => Message[]
  /** What a response says. A body is a stream of one event. */
  read: (items: Json[]) => Reading
}
