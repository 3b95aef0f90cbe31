import { indexAddresses } from './addresses.ts'
import { otherServices, type ErrorShape } from './provider-table.ts'

/** An API that several providers, gateways and local servers speak, known by its path on any host, below any prefix. */
export interface Api {
  name: string
  path: RegExp
  /** Paths of it, as SDKs write them. */
  examples: readonly string[]
  /** Missing where several providers' APIs share the path: then the provider tells, or it is `openai`. */
  errors?: ErrorShape
  /** The path of a recording's endpoint ends its stream with this event, which an SDK's own dump leaves out. */
  terminator?: string
  /** Any app may have such a path. So it does not count on this machine, where the app under test listens. */
  elsewhere?: boolean
}

export const apis: readonly Api[] = [
  {
    name: 'Chat Completions',
    path: /\/chat\/completions(?:\/[\w-]+(?:\/messages)?)?$/,
    examples: [
      '/v1/chat/completions',
      '/v1/chat/completions/chatcmpl-1/messages',
      '/openai/deployments/d/chat/completions',
    ],
    errors: 'openai',
    terminator: '[DONE]',
  },
  {
    name: 'Completions',
    path: /\/(?:v\d+|fim|deployments\/[^/]+)\/completions$/,
    examples: ['/v1/completions', '/v1/fim/completions', '/openai/deployments/d/completions'],
    errors: 'openai',
    terminator: '[DONE]',
  },
  {
    name: 'Responses',
    path: /\/(?:v\d+|openai|deployments\/[^/]+)\/responses(?:\/(?:input_tokens|compact|resp_[^/]+(?:\/(?:cancel|input_items))?))?$/,
    examples: ['/v1/responses', '/v1/responses/resp_1', '/v1/responses/resp_1/cancel', '/openai/responses'],
    errors: 'openai',
  },
  {
    name: 'Embeddings, moderations',
    path: /\/(?:v\d+|openai|deployments\/[^/]+)\/(?:embeddings|moderations)$/,
    examples: ['/v1/embeddings', '/openai/deployments/d/embeddings', '/v1/moderations'],
    errors: 'openai',
  },
  { name: 'Rerank', path: /\/v\d+\/rerank$/, examples: ['/v1/rerank', '/v2/rerank'] },
  {
    name: 'Audio, images',
    path: /\/(?:v\d+|openai|deployments\/[^/]+)\/(?:audio\/(?:speech|transcriptions|translations)|images\/(?:generations|edits|variations))$/,
    examples: ['/v1/audio/speech', '/v1/images/generations', '/openai/deployments/d/audio/transcriptions'],
    errors: 'openai',
  },
  {
    name: 'Fine-tuning, vector stores',
    path: /\/(?:v\d+|openai)\/(?:fine_tuning|vector_stores)(?:\/.*)?$/,
    examples: ['/v1/fine_tuning/jobs/ftjob-1/events', '/v1/vector_stores/vs_1/files'],
  },
  {
    name: 'Realtime',
    path: /\/(?:v\d+|openai)\/realtime\/(?:client_secrets|sessions|transcription_sessions|calls)(?:\/.*)?$/,
    examples: ['/v1/realtime/client_secrets'],
    errors: 'openai',
  },
  {
    name: "OpenAI's objects, by their ids",
    path: /\/(?:v\d+|openai)\/(?:files\/file|videos\/video|batches\/batch|conversations\/conv|uploads\/upload|threads\/thread|assistants\/asst|containers\/cntr|evals\/eval)[-_][^/]+(?:\/.*)?$/,
    examples: ['/v1/files/file-1/content', '/v1/videos/video_1', '/v1/batches/batch_1/cancel'],
  },
  {
    name: 'Files, videos, batches and other plain names, right below the host',
    path: /^\/v1\/(?:files|videos|batches|conversations|uploads|threads|assistants|containers|evals|realtime|interactions|complete)$/,
    examples: ['/v1/files', '/v1/videos', '/v1/batches'],
    elsewhere: true,
  },
  {
    name: 'Files, videos, batches and other plain names, below a prefix that names an LLM',
    path: /\/(?:openai|anthropic|claude|gemini|vertex|cohere|mistral|litellm|llm|genai|ai-gateway)(?:\/v\d\w*)?\/(?:files|videos|batches|conversations|uploads|threads|assistants|containers|evals|realtime|interactions|complete)(?:\/[^/]+(?:\/[^/]+)?)?$/,
    examples: ['/openai/v1/files', '/openai/assistants', '/anthropic/v1/files/abc/content'],
  },
  {
    name: 'Messages',
    path: /\/v1\/messages(?:\/(?:count_tokens|batches(?:\/[^/]+(?:\/(?:results|cancel))?)?))?$/,
    examples: ['/v1/messages', '/v1/messages/count_tokens', '/v1/messages/batches/msgbatch_1/results'],
    errors: 'anthropic',
  },
  {
    name: 'Gemini',
    path: /\/(?:models|tunedModels|endpoints)\/[^/:]+:(?:\w*[gG]enerate(?:Content|Answer)|\w*[eE]mbed(?:Content|Contents)|(?:count|compute)Tokens)$/,
    examples: [
      '/v1beta/models/gemini-2.5-flash:generateContent',
      '/v1/models/gemini-2.5-flash:streamGenerateContent',
      '/v1beta/models/m:batchEmbedContents',
      '/v1/projects/p/locations/l/endpoints/1:countTokens',
    ],
    errors: 'google',
  },
  {
    name: 'Vertex AI',
    path: /\/publishers\/[^/]+\/models\/[^/:]+:(?:predict|predictLongRunning|fetchPredictOperation|rawPredict|streamRawPredict)$/,
    examples: ['/v1/projects/p/locations/l/publishers/anthropic/models/claude:streamRawPredict'],
    errors: 'google',
  },
  {
    name: "Gemini's files, caches, operations",
    path: /\/(?:upload\/v1\w*\/files|v1\w*\/(?:cachedContents|fileSearchStores|tunedModels)(?:\/.*)?|v1beta\/(?:files|batches|interactions|models\/[^/]+\/operations)(?:\/.*)?)$/,
    examples: ['/upload/v1beta/files', '/v1beta/files/abc', '/v1/cachedContents/c1', '/v1beta/interactions'],
    errors: 'google',
  },
  {
    name: 'Bedrock',
    path: /\/model\/[^/]+\/(?:converse|converse-stream|count-tokens|invoke|invoke-with-(?:bidirectional-|response-)stream)$/,
    examples: ['/model/anthropic.claude-v2%3A1/converse-stream', '/model/m/invoke-with-response-stream'],
    errors: 'message',
  },
  {
    name: 'Bedrock agents',
    path: /\/agents\/[^/]+\/agentAliases\/[^/]+\/sessions\/[^/]+\/text$|\/retrieveAndGenerate(?:Stream)?$/,
    examples: ['/agents/A/agentAliases/B/sessions/C/text', '/retrieveAndGenerateStream'],
    errors: 'message',
  },
  {
    name: 'Endpoints of SageMaker and Databricks',
    path: /\/(?:serving-)?endpoints\/[^/]+\/(?:async-)?invocations(?:-response-stream)?$/,
    examples: ['/endpoints/e/invocations-response-stream', '/serving-endpoints/e/invocations'],
  },
  {
    name: 'AI SDK gateway',
    path: /\/v\d+\/ai\/(?:language|embedding|image|video|speech|transcription|reranking|decision)-model(?:\/(?:start|status))?$/,
    examples: ['/v4/ai/language-model', '/v4/ai/embedding-model', '/v4/ai/video-model/status'],
    errors: 'openai',
  },
  {
    name: 'Text Generation Inference',
    path: /\/generate_stream$/,
    examples: ['/generate_stream'],
    errors: 'string',
  },
  {
    name: 'llama.cpp',
    path: /^\/completion$/,
    examples: ['/completion'],
    errors: 'openai',
  },
  {
    name: 'Cohere, below a prefix of its name',
    path: /\/cohere\/v\d+\/(?:chat|embed)$/,
    examples: ['/cohere/v2/chat'],
    errors: 'message',
  },
]

/** What a tracer sends, at any host: OpenAI's agents, OpenTelemetry, Langfuse. */
export const telemetryPath =
  /\/v1\/(?:traces(?:\/ingest)?|metrics|logs)$|\/api\/public\/(?:ingestion|otel\/v1\/traces)$/

/** The API of a URL, by its path. */
export function apiOf(url: URL): Api | undefined {
  const { pathname } = url
  const api = apis.find(({ path }) => path.test(pathname))
  if (api === undefined || (api.elsewhere && isThisMachine(url)) || isOtherService(url)) return undefined
  return api
}

const isOtherService = indexAddresses(
  otherServices.flatMap(({ hosts }) => hosts.map(host => [host, true] as const)),
)

function isThisMachine({ hostname }: URL): boolean {
  return /^(?:(?:.+\.)?localhost|127\..+|0\.0\.0\.0|\[::1?\])$/.test(hostname)
}
