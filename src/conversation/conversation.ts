/** A tool that the model called. */
export interface ToolCall {
  id?: string | undefined
  name: string
  /** Parsed from JSON; the text itself where it is no JSON (a stream that broke off, a tool that takes text). */
  arguments: unknown
  /** Present where the provider ran the tool itself (web search, code execution), so that the app has nothing to run. */
  hosted?: true
}

/** Tokens, as the provider counted them. */
export interface Usage {
  /** The tokens of the request, those from the provider's cache included. */
  inputTokens?: number | undefined
  /** The tokens of the answer, reasoning included. */
  outputTokens?: number | undefined
  /** The total that the response states; where it states none, the sum of the two. */
  totalTokens?: number | undefined
}

/** One message of a request. */
export interface Message {
  /** `system`, `developer`, `user`, `assistant` or `tool`; `input` for a text to embed; other roles as they are. */
  role: string
  text?: string | undefined
  reasoning?: string | undefined
  toolCalls?: ToolCall[] | undefined
  /** In a message with a tool's result: the id of the call that it answers. */
  toolCallId?: string | undefined
  /** The types of the parts that are no text: `image_url`, `input_audio`. */
  attachments?: string[] | undefined
}

/** What the model said. A field is `undefined` where the body says nothing about it. */
export interface Answer {
  /** The text, which may be a refusal. */
  text?: string | undefined
  reasoning?: string | undefined
  toolCalls?: ToolCall[] | undefined
  /** `stop`, `length`, `tool_calls`, `content_filter` or `error`, whatever the provider calls it; other words as they are. */
  finishReason?: string | undefined
}

/** What a response says, in one form for all APIs. */
export interface Reading {
  /** One answer, or one for each choice (`n: 2`). */
  answers: Answer[]
  usage?: Usage | undefined
  model?: string | undefined
  embeddings?: { vectors: number; dimensions?: number | undefined } | undefined
}

/** One call to a model, in one form for all APIs. */
export interface Conversation extends Reading {
  /**
   * The API whose bodies these are, whoever serves them: `openai-chat`, `openai-responses`, `anthropic-messages`,
   * `gemini-generate`, `ollama-chat`, ... Absent where neither the request nor the response is of a known API.
   */
  api?: string | undefined
  messages: Message[]
  /** The model that the request names; where it names none, the one that the response names. */
  model?: string | undefined
  /** The model that the response names, which may be more exact. */
  modelVersion?: string | undefined
  /** The provider's message about what went wrong. */
  error?: string | undefined
}
