/** A tool that the model asked for, or that the provider ran for it. */
export interface ToolCall {
  id?: string | undefined
  name: string
  /** Parsed; the text itself where it is no JSON (a stream that broke off, a tool that takes text). */
  arguments: unknown
  /** The provider ran it itself (web search, code execution): the app has nothing to do. */
  hosted?: true
}

/** Tokens, as the provider counted them. */
export interface Usage {
  /** All that was read, cached or not. */
  inputTokens?: number | undefined
  /** All that was written, reasoning included. */
  outputTokens?: number | undefined
  /** As the response says, or else the sum of the two. */
  totalTokens?: number | undefined
}

/** One message of a request. */
export interface Message {
  /** `system`, `developer`, `user`, `assistant`, `tool`; `input` for what is embedded; others as the request has them. */
  role: string
  text?: string | undefined
  reasoning?: string | undefined
  toolCalls?: ToolCall[] | undefined
  /** Of a tool's result: the call it answers. */
  toolCallId?: string | undefined
  /** Parts that are no text, by their type: `image_url`, `input_audio`. */
  attachments?: string[] | undefined
}

/** What the model said. A field is `undefined` where the body says nothing. */
export interface Answer {
  /** Refusals are text too. */
  text?: string | undefined
  reasoning?: string | undefined
  toolCalls?: ToolCall[] | undefined
  /** `stop`, `length`, `tool_calls`, `content_filter` or `error`, whatever the provider calls it; other words as they are. */
  finishReason?: string | undefined
}

/** What a response says, whatever its API. */
export interface Reading {
  /** One, or one for each choice (`n: 2`). */
  answers: Answer[]
  usage?: Usage | undefined
  model?: string | undefined
  embeddings?: { vectors: number; dimensions?: number | undefined } | undefined
}

/** One call to a model, the same over all APIs. */
export interface Conversation extends Reading {
  /**
   * The API whose bodies these are, whoever serves them: `openai-chat`, `openai-responses`, `anthropic-messages`,
   * `gemini-generate`, `ollama-chat`, ... Absent where neither the request nor the response is of a known API.
   */
  api?: string | undefined
  messages: Message[]
  /** As the request names it, or else the response. */
  model?: string | undefined
  /** As the response names it, which may be more exact. */
  modelVersion?: string | undefined
  /** What the provider said went wrong. */
  error?: string | undefined
}
