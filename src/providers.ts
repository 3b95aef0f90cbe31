/**
 * All that the project knows about single providers: the only file in which their names occur.
 */
export interface Provider {
  name: string
  /** Every request to one of these hosts is a call to this provider. */
  hosts: RegExp[]
  /** The environment variable that holds the key, and from which the provider's SDK reads it. */
  key?: string
  /** What its keys look like, where that tells them from other text. */
  keyFormat?: KeyFormat
  /** Requests that ask nothing: their SDK opens a connection ahead of the first call. */
  warmUp?: RegExp
  /** For providers whose client speaks HTTP/2 unless told otherwise: the lines of code that tell it. */
  http1?: string
  /** For providers that sign requests with credentials which their SDK searches for, at last on the network. */
  credentials?: Credentials
  /** The shape of its errors. Default: `openai`. */
  errors?: ErrorShape
}

/** A pattern, and a text that every match holds: looking for that first is much faster. */
export interface KeyFormat {
  hint: string
  pattern: RegExp
}

export interface Credentials {
  /** The environment variables in which the SDK looks first. */
  variables: string[]
  /** The environment variables that tell the SDK to look elsewhere. */
  elsewhere: string[]
}

/** `{ error: { message, type } }`, or what other providers' SDKs read instead. */
export type ErrorShape = 'openai' | 'anthropic' | 'google' | 'string' | 'message'

export const providers: readonly Provider[] = [
  {
    name: 'OpenAI',
    keyFormat: {
      hint: 'sk-',
      pattern:
        /\bsk-(?:(?:proj|svcacct|admin|None)-[\w-]{20,}|[A-Za-z0-9]{20,}T3BlbkFJ[A-Za-z0-9]{20,}|[A-Za-z0-9]{32,})/g,
    },
    hosts: [/^api\.openai\.com$/],
    key: 'OPENAI_API_KEY',
  },
  {
    name: 'Anthropic',
    keyFormat: { hint: 'sk-ant-', pattern: /\bsk-ant-[\w-]{20,}/g },
    hosts: [/^api\.anthropic\.com$/],
    key: 'ANTHROPIC_API_KEY',
    errors: 'anthropic',
  },
  {
    name: 'Google',
    keyFormat: { hint: 'AIza', pattern: /\bAIza[\w-]{35}/g },
    hosts: [/^generativelanguage\.googleapis\.com$/, /(^|-)aiplatform\.googleapis\.com$/],
    key: 'GEMINI_API_KEY',
    errors: 'google',
  },
  {
    name: 'Azure',
    hosts: [/\.openai\.azure\.com$/, /\.(?:cognitiveservices|services\.ai)\.azure\.com$/],
    key: 'AZURE_OPENAI_API_KEY',
  },
  {
    name: 'Bedrock',
    hosts: [/^bedrock-runtime\..+\.amazonaws\.com$/, /^bedrock-mantle\..+\.api\.aws$/],
    http1: `import { NodeHttpHandler } from '@smithy/node-http-handler'
new BedrockRuntimeClient({ requestHandler: new NodeHttpHandler() })`,
    credentials: {
      variables: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
      elsewhere: [
        'AWS_BEARER_TOKEN_BEDROCK',
        'AWS_PROFILE',
        'AWS_WEB_IDENTITY_TOKEN_FILE',
        'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
        'AWS_CONTAINER_CREDENTIALS_FULL_URI',
      ],
    },
    errors: 'message',
  },
  {
    name: 'Cerebras',
    keyFormat: { hint: 'csk-', pattern: /\bcsk-[a-z0-9]{40,}/g },
    hosts: [/^api\.cerebras\.ai$/],
    key: 'CEREBRAS_API_KEY',
    warmUp: /\/tcp_warming$/,
  },
  { name: 'Cohere', hosts: [/^api\.cohere\.(?:com|ai)$/], key: 'CO_API_KEY', errors: 'message' },
  {
    name: 'Databricks',
    keyFormat: { hint: 'dapi', pattern: /\bdapi[0-9a-f]{32}(?:-\d)?\b/g },
    hosts: [/\.(?:azure)?databricks\.(?:com|net)$/],
    key: 'DATABRICKS_TOKEN',
  },
  { name: 'DeepSeek', hosts: [/^api\.deepseek\.com$/], key: 'DEEPSEEK_API_KEY' },
  {
    name: 'Fireworks',
    keyFormat: { hint: 'fw_', pattern: /\bfw_[A-Za-z0-9]{20,}\b/g },
    hosts: [/^api\.fireworks\.ai$/],
    key: 'FIREWORKS_API_KEY',
  },
  {
    name: 'Groq',
    keyFormat: { hint: 'gsk_', pattern: /\bgsk_[A-Za-z0-9]{40,}/g },
    hosts: [/^api\.groq\.com$/],
    key: 'GROQ_API_KEY',
  },
  {
    name: 'Hugging Face',
    keyFormat: { hint: 'hf_', pattern: /\bhf_[A-Za-z0-9]{30,}\b/g },
    hosts: [/^router\.huggingface\.co$/],
    key: 'HF_TOKEN',
  },
  { name: 'Mistral', hosts: [/^api\.mistral\.ai$/], key: 'MISTRAL_API_KEY' },
  {
    name: 'NVIDIA',
    keyFormat: { hint: 'nvapi-', pattern: /\bnvapi-[\w-]{40,}/g },
    hosts: [/^integrate\.api\.nvidia\.com$/],
    key: 'NVIDIA_API_KEY',
  },
  {
    name: 'Ollama',
    // Its own port, on whatever host: in a container network it is `ollama:11434`.
    hosts: [/:11434$/, /^ollama\.com$/],
    errors: 'string',
  },
  {
    name: 'OpenRouter',
    keyFormat: { hint: 'sk-or-', pattern: /\bsk-or-v\d-[0-9a-f]{40,}/g },
    hosts: [/^openrouter\.ai$/],
    key: 'OPENROUTER_API_KEY',
  },
  {
    name: 'Perplexity',
    keyFormat: { hint: 'pplx-', pattern: /\bpplx-[A-Za-z0-9]{40,}/g },
    hosts: [/^api\.perplexity\.ai$/],
    key: 'PERPLEXITY_API_KEY',
  },
  {
    name: 'Together',
    keyFormat: { hint: 'tgp_v1_', pattern: /\btgp_v1_[\w-]{40,}/g },
    hosts: [/^api\.together\.(?:xyz|ai)$/],
    key: 'TOGETHER_API_KEY',
  },
  {
    name: 'Voyage',
    keyFormat: { hint: 'pa-', pattern: /\bpa-[\w-]{43}\b/g },
    hosts: [/^api\.voyageai\.com$/],
    key: 'VOYAGE_API_KEY',
  },
  { name: 'watsonx', hosts: [/\.ml\.cloud\.ibm\.com$/], key: 'WATSONX_API_KEY' },
  {
    name: 'xAI',
    keyFormat: { hint: 'xai-', pattern: /\bxai-[A-Za-z0-9]{60,}/g },
    hosts: [/^api\.x\.ai$/],
    key: 'XAI_API_KEY',
  },
]

/** What stands in a provider's variable where its key is missing, before the variable's own name. */
export const placeholderPrefix = 'vitest-cassette-placeholder-for-'

/** Variables that one provider's SDKs read besides `Provider.key`. */
export const otherKeys: readonly string[] = [
  'GOOGLE_GENERATIVE_AI_API_KEY',
  'COHERE_API_KEY',
  'TOGETHER_AI_API_KEY',
]

/**
 * Response headers that a single provider's SDK reads: without `x-amzn-errortype` every error of Bedrock is an `Unknown`.
 * They are recorded like those that all providers share.
 */
export const sdkHeaders = /^(?:x-amzn-(?:errortype|requestid|bedrock-[a-z-]+)|x-gemini-service-tier)$/

/** An API that several providers, gateways and local servers speak, known by its path on any host. */
interface Api {
  path: RegExp
  errors: ErrorShape
  /** The path of a recording's endpoint ends its stream with this event, which an SDK's own dump leaves out. */
  terminator?: string
}

const apis: readonly Api[] = [
  { path: /\/chat\/completions$/, errors: 'openai', terminator: '[DONE]' },
  { path: /\/v\d+\/completions$/, errors: 'openai', terminator: '[DONE]' },
  { path: /\/v\d+\/(?:responses|embeddings|moderations)$/, errors: 'openai' },
  { path: /\/v\d+\/(?:audio|images)\/[a-z]+$/, errors: 'openai' },
  { path: /\/v\d+\/messages(?:\/count_tokens)?$/, errors: 'anthropic' },
  {
    path: /\/models\/[^/]+:[a-z]*(?:generateContent|GenerateContent|embedContent|EmbedContents|countTokens)$/,
    errors: 'google',
  },
  { path: /\/model\/[^/]+\/(?:converse|invoke)(?:-stream|-with-response-stream)?$/, errors: 'message' },
]

export function providerOf(url: URL): Provider | undefined {
  return providers.find(provider => isAt(provider, url))
}

function isAt({ hosts }: Provider, { hostname, host }: URL): boolean {
  return hosts.some(pattern => pattern.test(hostname) || pattern.test(host))
}

function apiOf(url: URL): Api | undefined {
  return apis.find(({ path }) => path.test(url.pathname))
}

/** A request to a provider's host, or with a provider's API path on any host (gateways, local servers). */
export function isLlmUrl(url: URL): boolean {
  return apiOf(url) !== undefined || providerOf(url) !== undefined
}

const warmingUp = providers.filter(({ warmUp }) => warmUp)

/** Whether a request to this URL asks nothing, so that it is neither sent, nor recorded, nor missed. */
export function isWarmUp(url: URL): boolean {
  return warmingUp.some(provider => provider.warmUp?.test(url.pathname) && isAt(provider, url))
}

/** The shape in which the SDK behind this URL expects an error. */
export function errorShapeOf(url: URL): ErrorShape {
  return apiOf(url)?.errors ?? providerOf(url)?.errors ?? 'openai'
}

/** The event that ends a stream of this endpoint and that is no JSON (`[DONE]`), if it has one. */
export function terminatorOf(url: URL): string | undefined {
  return apiOf(url)?.terminator
}

/** Whether streams of this URL are newline-delimited JSON (Ollama's own API); SDKs' dumps have their objects only. */
export function isNdjsonStream(url: string): boolean {
  return /\/api\/(?:generate|chat|pull|push|create)$/.test(url)
}

/** Base URLs after which the API has no version, although a tool that glues `/v1/models` to them writes one. */
export const unversionedBase = /(\/v1beta\/openai|\/serving-endpoints)\/v1(?=\/)/

/**
 * Whether this event is the last of its stream, so that an app which stops reading here has read it all: OpenAI's
 * SDK cancels the body right after `[DONE]`, and every SDK at an error inside the stream. Streams without such an event (Gemini's) end when the provider says so.
 */
export function isLastEvent(event: unknown): boolean {
  if (event === '[DONE]') return true
  if (typeof event !== 'object' || event === null) return false
  const { type, done, error } = event as { type?: unknown; done?: unknown; error?: unknown }
  if (typeof error === 'object' && error !== null) return true
  return done === true || (typeof type === 'string' && lastEventTypes.has(type))
}

const lastEventTypes = new Set([
  'message_stop', // Anthropic
  'response.completed', // OpenAI Responses, and the next two
  'response.failed',
  'response.incomplete',
  'message-end', // Cohere
])
