/**
 * All that the project knows about single providers, one row each. Every row says where its facts come from: a package
 * of the npm registry in which they were read, or a page of documentation.
 */
export interface Provider {
  name: string
  /**
   * Each request to one of these addresses is a call to this provider. An address is a host, or a host and a path; `*` stands
   * for any text that is not empty in a host, and for any text in a path. A path counts as a whole.
   */
  hosts: readonly string[]
  /** The URL of a call, as its SDK makes it. */
  example: string
  /** Where the facts of this row come from. */
  source: string
  /** The environment variables from which SDKs read the key, the provider's own first. A placeholder stands in each that is missing. */
  keys?: readonly string[]
  /** Text with which the SDK wants its key to begin, so a placeholder begins with it too. */
  keyPrefix?: string
  /** A placeholder stands in the variable only where all of these are missing: it would win over them. */
  yieldsTo?: Readonly<Record<string, readonly string[]>>
  /**
   * Variables in which no placeholder stands, although SDKs read them: programs that have nothing to do with LLMs read
   * them too, or an SDK signs in another way where they are set.
   */
  otherKeys?: readonly string[]
  /** What its keys look like, where that tells them from other text. */
  keyFormat?: KeyFormat
  /** Request headers, in lower case, that choose provider or model. */
  routingHeaders?: readonly string[]
  /** Request headers that choose provider or model and are credentials too, so that they are never stored. */
  routingCredentials?: readonly string[]
  /** Requests that ask nothing: their SDK opens a connection ahead of the first call. */
  warmUp?: RegExp
  /** For providers whose client speaks HTTP/2 unless told otherwise: the lines of code that tell it. */
  http1?: string
  /** For providers that sign requests with credentials which their SDK searches for, at last on the network. */
  credentials?: Credentials
  /** Addresses at which SDKs get a token before they call. These requests are no LLM calls. */
  lookUps?: readonly string[]
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

/** Variables with which Azure's own library signs in. A key beside the token of such a sign-in makes Azure's clients throw. */
const azureIdentity = [
  'AZURE_OPENAI_AD_TOKEN',
  'AZURE_CLIENT_ID',
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PATH',
  'AZURE_FEDERATED_TOKEN_FILE',
]

/** The models of these providers are listed in a package that calls them under these addresses, with these keys. */
const registry = '@mastra/core@1.71.0 (dist/provider-registry.json)'

export const providers: readonly Provider[] = [
  {
    name: 'OpenAI',
    keyFormat: {
      hint: 'sk-',
      pattern:
        /\bsk-(?:(?:proj|svcacct|admin|None)-[\w-]{20,}|[A-Za-z0-9]{20,}T3BlbkFJ[A-Za-z0-9]{20,}|[A-Za-z0-9]{32,})/g,
    },
    hosts: ['api.openai.com', '*.api.openai.com'],
    example: 'https://api.openai.com/v1/responses/resp_1/input_items',
    keys: ['OPENAI_API_KEY'],
    otherKeys: ['OPENAI_ADMIN_KEY'],
    lookUps: ['auth.openai.com/oauth/token'],
    source: 'openai@7.55.0; https://developers.openai.com/api/docs/guides/data-residency',
  },
  {
    name: 'Anthropic',
    keyFormat: { hint: 'sk-ant-', pattern: /\bsk-ant-[\w-]{20,}/g },
    hosts: ['api.anthropic.com', 'aws-external-anthropic.*.api.aws'],
    example: 'https://api.anthropic.com/v1/messages/batches/msgbatch_1/results',
    keys: ['ANTHROPIC_API_KEY'],
    yieldsTo: {
      ANTHROPIC_API_KEY: [
        'ANTHROPIC_AUTH_TOKEN',
        'ANTHROPIC_PROFILE',
        'ANTHROPIC_FEDERATION_RULE_ID',
        'ANTHROPIC_IDENTITY_TOKEN',
        'ANTHROPIC_IDENTITY_TOKEN_FILE',
      ],
    },
    otherKeys: ['ANTHROPIC_AWS_API_KEY'],
    lookUps: ['api.anthropic.com/v1/oauth/token'],
    errors: 'anthropic',
    source: '@anthropic-ai/sdk@1.10.0; @anthropic-ai/aws-sdk@1.1.2',
  },
  {
    name: 'Google',
    keyFormat: { hint: 'AIza', pattern: /\bAIza[\w-]{35}/g },
    hosts: [
      'generativelanguage.googleapis.com',
      'aiplatform.googleapis.com',
      '*-aiplatform.googleapis.com',
      'aiplatform.*.rep.googleapis.com',
      'firebasevertexai.googleapis.com',
      'texttospeech.googleapis.com',
    ],
    example:
      'https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/publishers/google/models/m:predict',
    keys: ['GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENAI_API_KEY'],
    // The SDKs that read several of these three do so in different orders.
    yieldsTo: {
      GEMINI_API_KEY: ['GOOGLE_API_KEY', 'GOOGLE_GENAI_API_KEY'],
      GOOGLE_API_KEY: ['GEMINI_API_KEY', 'GOOGLE_GENAI_API_KEY'],
      GOOGLE_GENAI_API_KEY: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    },
    otherKeys: ['GOOGLE_VERTEX_API_KEY', 'VERTEX_API_KEY', 'GOOGLE_GENAI_ACCESS_TOKEN'],
    lookUps: [
      'oauth2.googleapis.com/token',
      'sts.googleapis.com/v1/token',
      'iamcredentials.googleapis.com',
      'metadata.google.internal',
      '169.254.169.254/computeMetadata/*',
    ],
    errors: 'google',
    source:
      '@google/genai@3.1.0; @ai-sdk/google@4.0.121; @ai-sdk/google-vertex@5.0.141; @langchain/google-genai@2.3.2; @genkit-ai/google-genai@1.42.0; @firebase/ai@3.0.0; google-auth-library@11.3.4; gcp-metadata@9.2.3',
  },
  {
    name: 'Azure',
    hosts: [
      '*.openai.azure.com',
      '*.cognitiveservices.azure.com',
      '*.services.ai.azure.com',
      '*.models.ai.azure.com',
      '*.inference.ml.azure.com',
      '*.azure.anthropic.com',
    ],
    example: 'https://my.openai.azure.com/openai/deployments/d/embeddings?api-version=2024-10-21',
    keys: ['AZURE_OPENAI_API_KEY', 'AZURE_API_KEY', 'ANTHROPIC_FOUNDRY_API_KEY'],
    yieldsTo: { AZURE_OPENAI_API_KEY: azureIdentity, ANTHROPIC_FOUNDRY_API_KEY: azureIdentity },
    routingHeaders: ['azureml-model-deployment'],
    lookUps: [
      'login.microsoftonline.com',
      'login.microsoftonline.us',
      'login.chinacloudapi.cn',
      '169.254.169.254/metadata/identity/*',
    ],
    source:
      '@ai-sdk/azure@4.0.85; @anthropic-ai/foundry-sdk@1.1.1; @azure/identity@4.14.1; https://pypi.org/project/azure-ai-inference; https://learn.microsoft.com/azure/machine-learning/concept-endpoints',
  },
  {
    name: 'Bedrock',
    hosts: [
      'bedrock-runtime.*.amazonaws.com',
      'bedrock-runtime.*.amazonaws.com.cn',
      'bedrock-runtime.*.api.aws',
      'bedrock-runtime-fips.*.amazonaws.com',
      'bedrock-runtime-fips.*.api.aws',
      'bedrock-mantle.*.api.aws',
      'bedrock-agent-runtime.*.amazonaws.com',
      'bedrock-agent-runtime.*.api.aws',
      'bedrock-agent-runtime-fips.*.amazonaws.com',
      'bedrock-agentcore.*.amazonaws.com',
      'bedrock-agentcore.*.api.aws',
    ],
    example: 'https://bedrock-agent-runtime.us-east-1.amazonaws.com/agents/A/agentAliases/B/sessions/C/text',
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
    lookUps: [
      'sts.amazonaws.com',
      'sts.*.amazonaws.com',
      'portal.sso.*.amazonaws.com',
      'oidc.*.amazonaws.com',
      '169.254.169.254/latest/*',
      '169.254.170.2',
      '169.254.170.23',
    ],
    errors: 'message',
    source:
      '@aws-sdk/client-bedrock-runtime@3.1162.0; @aws-sdk/client-bedrock-agent-runtime@3.1161.0; @aws-sdk/client-bedrock-agentcore@3.1141.0; @anthropic-ai/bedrock-sdk@1.1.3; @aws-sdk/nested-clients@3.998.3; @smithy/credential-provider-imds@4.5.2',
  },
  {
    name: 'Cerebras',
    keyFormat: { hint: 'csk-', pattern: /\bcsk-[a-z0-9]{40,}/g },
    hosts: ['api.cerebras.ai'],
    example: 'https://api.cerebras.ai/v1/chat/completions',
    keys: ['CEREBRAS_API_KEY'],
    warmUp: /\/tcp_warming$/,
    source: '@cerebras/cerebras_cloud_sdk@1.91.0',
  },
  {
    name: 'Cohere',
    hosts: ['api.cohere.com', 'api.cohere.ai'],
    example: 'https://api.cohere.com/v2/chat',
    keys: ['CO_API_KEY', 'COHERE_API_KEY'],
    errors: 'message',
    source: 'cohere-ai@8.1.0; @ai-sdk/cohere@4.0.52; @portkey-ai/gateway@1.15.2',
  },
  {
    name: 'Databricks',
    keyFormat: { hint: 'dapi', pattern: /\bdapi[0-9a-f]{32}(?:-\d)?\b/g },
    // Its workspaces serve much else: SQL, jobs, files.
    hosts: [
      '*.databricks.com/serving-endpoints/*',
      '*.databricks.com/ai-gateway/*',
      '*.azuredatabricks.net/serving-endpoints/*',
      '*.azuredatabricks.net/ai-gateway/*',
    ],
    example: 'https://adb-1.2.azuredatabricks.net/serving-endpoints/llama/invocations',
    keys: ['DATABRICKS_TOKEN'],
    lookUps: ['*.databricks.com/oidc/*', '*.azuredatabricks.net/oidc/*'],
    source: `@databricks/sdk-experimental@0.14.2; ${registry}`,
  },
  {
    name: 'DeepSeek',
    hosts: ['api.deepseek.com'],
    example: 'https://api.deepseek.com/anthropic/v1/messages',
    keys: ['DEEPSEEK_API_KEY'],
    source: '@ai-sdk/deepseek@3.0.56',
  },
  {
    name: 'Fireworks',
    keyFormat: { hint: 'fw_', pattern: /\bfw_[A-Za-z0-9]{20,}\b/g },
    hosts: ['api.fireworks.ai'],
    example: 'https://api.fireworks.ai/inference/v1/workflows/accounts/fireworks/models/m/text_to_image',
    keys: ['FIREWORKS_API_KEY'],
    source: '@ai-sdk/fireworks@3.0.62',
  },
  {
    name: 'Groq',
    keyFormat: { hint: 'gsk_', pattern: /\bgsk_[A-Za-z0-9]{40,}/g },
    hosts: ['api.groq.com'],
    example: 'https://api.groq.com/openai/v1/audio/transcriptions',
    keys: ['GROQ_API_KEY'],
    source: 'groq-sdk@1.6.0',
  },
  {
    name: 'Hugging Face',
    keyFormat: { hint: 'hf_', pattern: /\bhf_[A-Za-z0-9]{30,}\b/g },
    hosts: [
      'router.huggingface.co',
      'api-inference.huggingface.co',
      '*.endpoints.huggingface.cloud',
      // Which provider serves a model, and under what name: the client asks before its first call. The rest of the hub is no LLM.
      'huggingface.co/api/models/*?*inferenceProviderMapping*',
    ],
    example: 'https://huggingface.co/api/models/org/name?expand[]=inferenceProviderMapping',
    keys: ['HF_TOKEN', 'HUGGINGFACE_API_KEY', 'HUGGINGFACEHUB_API_KEY'],
    keyPrefix: 'hf_',
    errors: 'string',
    source:
      '@huggingface/inference@4.13.30; @ai-sdk/huggingface@2.0.48; @langchain/community@1.1.29; @portkey-ai/gateway@1.15.2',
  },
  {
    name: 'Mistral',
    hosts: ['api.mistral.ai', 'api.eu.mistral.ai', 'api.us.mistral.ai'],
    example: 'https://api.eu.mistral.ai/v1/ocr',
    keys: ['MISTRAL_API_KEY'],
    source: '@mistralai/mistralai@2.7.0',
  },
  {
    name: 'NVIDIA',
    keyFormat: { hint: 'nvapi-', pattern: /\bnvapi-[\w-]{40,}/g },
    hosts: ['integrate.api.nvidia.com'],
    example: 'https://integrate.api.nvidia.com/v1/chat/completions',
    keys: ['NVIDIA_API_KEY'],
    source: registry,
  },
  {
    name: 'Ollama',
    // Its own port, on whatever host; in a container network it is mostly the host `ollama`.
    hosts: ['*:11434', 'ollama', 'ollama.com'],
    example: 'http://127.0.0.1:11434/api/chat',
    keys: ['OLLAMA_API_KEY'],
    errors: 'string',
    source: `ollama@0.6.4; ${registry}`,
  },
  {
    name: 'OpenRouter',
    keyFormat: { hint: 'sk-or-', pattern: /\bsk-or-v\d-[0-9a-f]{40,}/g },
    hosts: ['openrouter.ai', '*.openrouter.ai'],
    example: 'https://eu.openrouter.ai/api/v1/generation?id=gen-1',
    keys: ['OPENROUTER_API_KEY'],
    source: '@openrouter/sdk@1.3.19; @openrouter/ai-sdk-provider@3.1.0',
  },
  {
    name: 'Perplexity',
    keyFormat: { hint: 'pplx-', pattern: /\bpplx-[A-Za-z0-9]{40,}/g },
    hosts: ['api.perplexity.ai'],
    example: 'https://api.perplexity.ai/search',
    keys: ['PERPLEXITY_API_KEY'],
    source: '@perplexity-ai/perplexity_ai@0.38.5',
  },
  {
    name: 'Together',
    keyFormat: { hint: 'tgp_v1_', pattern: /\btgp_v1_[\w-]{40,}/g },
    hosts: ['api.together.xyz', 'api.together.ai'],
    example: 'https://api.together.ai/v1/rerank',
    keys: ['TOGETHER_API_KEY', 'TOGETHER_AI_API_KEY'],
    yieldsTo: { TOGETHER_API_KEY: ['TOGETHER_AI_API_KEY'] },
    source: 'together-ai@0.52.0; @ai-sdk/togetherai@3.0.54; @langchain/community@1.1.29',
  },
  {
    name: 'Voyage',
    keyFormat: { hint: 'pa-', pattern: /\bpa-[\w-]{43}\b/g },
    hosts: ['api.voyageai.com'],
    example: 'https://api.voyageai.com/v1/multimodalembeddings',
    keys: ['VOYAGE_API_KEY', 'VOYAGE_API_TOKEN'],
    source: 'voyageai@0.4.0; @llamaindex/voyage-ai@1.0.29',
  },
  {
    name: 'watsonx',
    hosts: ['*.ml.cloud.ibm.com', '*.wxai.ibm.com'],
    example: 'https://us-south.ml.cloud.ibm.com/ml/v1/text/chat_stream?version=2024-05-31',
    keys: ['WATSONX_AI_APIKEY', 'WATSONX_API_KEY'],
    yieldsTo: {
      WATSONX_AI_APIKEY: ['WATSONX_AI_AUTH_TYPE', 'WATSONX_AI_BEARER_TOKEN', 'WATSONX_AI_PASSWORD'],
    },
    lookUps: ['iam.cloud.ibm.com', 'account-iam.platform.saas.ibm.com'],
    source: '@ibm-cloud/watsonx-ai@1.7.16; ibm-cloud-sdk-core@5.9.1',
  },
  {
    name: 'xAI',
    keyFormat: { hint: 'xai-', pattern: /\bxai-[A-Za-z0-9]{60,}/g },
    hosts: ['api.x.ai', '*.api.x.ai'],
    example: 'https://us-east-1.api.x.ai/v1/deferred-completion/1',
    keys: ['XAI_API_KEY'],
    source: '@ai-sdk/xai@5.0.12; https://docs.x.ai/developers/regions',
  },

  // Gateways, and clouds that serve the models of others.
  {
    name: 'Vercel AI Gateway',
    hosts: ['ai-gateway.vercel.sh'],
    example: 'https://ai-gateway.vercel.sh/v4/ai/language-model',
    keys: ['AI_GATEWAY_API_KEY'],
    yieldsTo: { AI_GATEWAY_API_KEY: ['VERCEL_OIDC_TOKEN', 'VERCEL_OIDC_TOKEN_FILE'] },
    routingHeaders: ['ai-language-model-id', 'ai-model-id', 'ai-language-model-streaming'],
    lookUps: ['oidc.vercel.com', 'api.vercel.com/v1/projects/*/token'],
    source: '@ai-sdk/gateway@4.0.146; @vercel/oidc@4.0.9',
  },
  {
    name: 'Cloudflare',
    hosts: ['gateway.ai.cloudflare.com', 'api.cloudflare.com/client/v4/accounts/*/ai/*'],
    example: 'https://api.cloudflare.com/client/v4/accounts/a/ai/run/@cf/meta/llama-3-8b-instruct',
    // Wrangler and the rest of Cloudflare's API read them.
    otherKeys: ['CLOUDFLARE_API_TOKEN', 'CLOUDFLARE_API_KEY'],
    // Provider and model stand in the path or the body; this one chooses among the stored keys, each of an account of its own.
    routingHeaders: ['cf-aig-byok-alias'],
    source: 'workers-ai-provider@4.0.0; ai-gateway-provider@4.0.1; @langchain/cloudflare@1.1.0',
  },
  {
    name: 'Portkey',
    hosts: ['api.portkey.ai'],
    example: 'https://api.portkey.ai/v1/prompts/p/completions',
    keys: ['PORTKEY_API_KEY'],
    // A configuration in `x-portkey-config` may hold keys of its own.
    routingHeaders: [
      'x-portkey-provider',
      'x-portkey-config',
      'x-portkey-custom-host',
      'x-portkey-provider-model',
      'x-portkey-azure-resource-name',
      'x-portkey-azure-deployment-id',
      'x-portkey-azure-endpoint-name',
      'x-portkey-azure-foundry-url',
      'x-portkey-azure-model-name',
      'x-portkey-aws-bedrock-model',
      'x-portkey-huggingface-base-url',
    ],
    routingCredentials: ['x-portkey-virtual-key'],
    source:
      'portkey-ai@3.1.0; @portkey-ai/gateway@1.15.2; https://portkey.ai/docs/api-reference/inference-api/headers',
  },
  {
    name: 'Helicone',
    hosts: [
      'ai-gateway.helicone.ai',
      'gateway.helicone.ai',
      'oai.helicone.ai',
      'anthropic.helicone.ai',
      'oai.hconeai.com',
    ],
    example: 'https://gateway.helicone.ai/v1/models/m',
    keys: ['HELICONE_API_KEY'],
    routingHeaders: ['helicone-target-url', 'helicone-openai-api-base'],
    source:
      '@helicone/ai-sdk-provider@1.0.12; modelfusion@0.137.0; https://docs.helicone.ai/helicone-headers/header-directory',
  },
  {
    name: 'LiteLLM',
    // It runs on hosts of one's own, where its paths tell.
    hosts: [],
    example: 'http://litellm.test:4000/v1/chat/completions',
    keys: ['LITELLM_API_KEY'],
    routingHeaders: ['x-litellm-tags'],
    source: 'mem0ai@3.3.1; https://docs.litellm.ai/docs/proxy/request_headers',
  },
  {
    name: 'GitHub Models',
    hosts: ['models.github.ai', 'models.inference.ai.azure.com'],
    example: 'https://models.github.ai/orgs/o/inference/chat/completions',
    otherKeys: ['GITHUB_TOKEN'],
    source:
      '@github/models@0.0.1-beta.2; https://github.blog/changelog/2025-07-17-deprecation-of-azure-endpoint-for-github-models',
  },
  {
    name: 'GitHub Copilot',
    hosts: ['api.githubcopilot.com', 'api.*.githubcopilot.com'],
    example: 'https://api.business.githubcopilot.com/responses',
    otherKeys: ['GITHUB_TOKEN'],
    lookUps: ['api.github.com/copilot_internal/*'],
    source: 'copilot-api@0.7.0; @voltagent/core@2.10.0',
  },
  {
    name: 'SageMaker',
    hosts: [
      'runtime.sagemaker.*.amazonaws.com',
      'runtime.sagemaker.*.amazonaws.com.cn',
      'runtime.sagemaker.*.api.aws',
      'runtime-fips.sagemaker.*.amazonaws.com',
    ],
    example: 'https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/e/invocations',
    routingHeaders: [
      'x-amzn-sagemaker-target-model',
      'x-amzn-sagemaker-target-variant',
      'x-amzn-sagemaker-target-container-hostname',
      'x-amzn-sagemaker-inference-component',
    ],
    errors: 'message',
    source: '@aws-sdk/client-sagemaker-runtime@3.1161.0',
  },
  {
    name: 'Oracle',
    hosts: ['inference.generativeai.*.oci.oraclecloud.com'],
    example: 'https://inference.generativeai.us-chicago-1.oci.oraclecloud.com/20231130/actions/chat',
    keys: ['OCI_GENAI_API_KEY'],
    source: `oci-generativeaiinference@2.142.0; @portkey-ai/gateway@1.15.2; ${registry}`,
  },
  {
    name: 'Snowflake',
    hosts: ['*.snowflakecomputing.com/api/v2/cortex/*'],
    example: 'https://acc.snowflakecomputing.com/api/v2/cortex/inference:complete',
    keys: ['SNOWFLAKE_CORTEX_PAT'],
    source: `${registry}; https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/cortex-inference/cortex-inference-introduction`,
  },
  {
    name: 'DeepInfra',
    hosts: ['api.deepinfra.com'],
    example: 'https://api.deepinfra.com/v1/inference/black-forest-labs/FLUX-1-schnell',
    keys: ['DEEPINFRA_API_KEY', 'DEEPINFRA_API_TOKEN'],
    source: '@ai-sdk/deepinfra@3.0.57; @llamaindex/deepinfra@0.0.79',
  },
  {
    name: 'Replicate',
    // Its models' files lie on the second and third of these.
    hosts: ['*.replicate.com', 'replicate.delivery', '*.replicate.delivery'],
    example: 'https://replicate.delivery/pbxt/abc/out-0.png',
    keys: ['REPLICATE_API_TOKEN', 'REPLICATE_API_KEY'],
    errors: 'string',
    source: 'replicate@1.4.0; litellm@0.12.0; https://replicate.com/docs/reference/streaming',
  },
  {
    name: 'fal',
    hosts: ['fal.run', '*.fal.run', 'rest.fal.ai', 'rest.alpha.fal.ai', 'fal.media', '*.fal.media'],
    example: 'https://v3b.fal.media/files/b/abc/out.png',
    keys: ['FAL_KEY', 'FAL_API_KEY'],
    yieldsTo: {
      FAL_KEY: ['FAL_API_KEY', 'FAL_KEY_ID'],
      FAL_API_KEY: ['FAL_KEY', 'FAL_KEY_ID'],
    },
    otherKeys: ['FAL_KEY_ID', 'FAL_KEY_SECRET'],
    errors: 'message',
    source:
      '@fal-ai/client@1.10.1; @fal-ai/serverless-client@0.15.0; @ai-sdk/fal@3.0.41; https://fal.ai/docs/documentation/model-apis/fal-cdn',
  },
  {
    name: 'Baseten',
    hosts: ['inference.baseten.co', '*.api.baseten.co'],
    example: 'https://model-abc.api.baseten.co/environments/production/predict',
    keys: ['BASETEN_API_KEY'],
    source: '@ai-sdk/baseten@2.1.26',
  },
  {
    name: 'Novita',
    hosts: ['api.novita.ai'],
    example: 'https://api.novita.ai/v3/async/txt2img',
    keys: ['NOVITA_API_KEY'],
    source: `novita-sdk@3.1.3; @langchain/community@1.1.29; ${registry}`,
  },
  {
    name: 'Hyperbolic',
    hosts: ['api.hyperbolic.xyz'],
    example: 'https://api.hyperbolic.xyz/v1/image/generation',
    source: '@portkey-ai/gateway@1.15.2',
  },
  {
    name: 'SambaNova',
    hosts: ['api.sambanova.ai'],
    example: 'https://api.sambanova.ai/v1/chat/completions',
    keys: ['SAMBANOVA_API_KEY'],
    source: 'sambanova@1.4.0; sambanova-ai-provider@1.2.2',
  },
  {
    name: 'Lepton',
    hosts: ['api.lepton.ai'],
    example: 'https://api.lepton.ai/api/v1/chat/completions',
    source: '@portkey-ai/gateway@1.15.2',
  },
  {
    name: 'Nebius',
    hosts: ['api.tokenfactory.nebius.com', 'api.studio.nebius.ai'],
    example: 'https://api.tokenfactory.nebius.com/v1/chat/completions',
    keys: ['NEBIUS_API_KEY'],
    source: `${registry}; @portkey-ai/gateway@1.15.2`,
  },
  {
    name: 'Friendli',
    hosts: ['api.friendli.ai', 'inference.friendli.ai'],
    example: 'https://api.friendli.ai/dedicated/tools/v1/chat/completions',
    keys: ['FRIENDLI_TOKEN'],
    source: '@friendliai/ai-provider@1.1.31; @langchain/community@1.1.29',
  },
  {
    name: 'Featherless',
    hosts: ['api.featherless.ai'],
    example: 'https://api.featherless.ai/v1/completions',
    source: '@huggingface/inference@4.13.30; @portkey-ai/gateway@1.15.2',
  },
  {
    name: 'Inference.net',
    hosts: ['api.inference.net'],
    example: 'https://api.inference.net/v1/chat/completions',
    keys: ['INFERENCE_API_KEY'],
    source: `@portkey-ai/gateway@1.15.2; ${registry}`,
  },
  {
    name: 'Nscale',
    hosts: ['inference.api.nscale.com'],
    example: 'https://inference.api.nscale.com/v1/chat/completions',
    source: '@huggingface/inference@4.13.30; @portkey-ai/gateway@1.15.2',
  },
  {
    name: 'Scaleway',
    hosts: ['api.scaleway.ai'],
    example: 'https://api.scaleway.ai/v1/chat/completions',
    keys: ['SCALEWAY_API_KEY'],
    source: `@huggingface/inference@4.13.30; ${registry}`,
  },
  {
    name: 'OVHcloud',
    hosts: ['oai.endpoints.kepler.ai.cloud.ovh.net'],
    example: 'https://oai.endpoints.kepler.ai.cloud.ovh.net/v1/chat/completions',
    keys: ['OVHCLOUD_API_KEY'],
    source: `@livekit/agents-plugin-openai@2.0.0; ${registry}`,
  },
  {
    name: 'DigitalOcean',
    hosts: ['inference.do-ai.run'],
    example: 'https://inference.do-ai.run/v1/chat/completions',
    keys: ['GRADIENT_MODEL_ACCESS_KEY'],
    otherKeys: ['DIGITALOCEAN_ACCESS_TOKEN'],
    source: `@digitalocean/gradient@0.1.0-alpha.2; ${registry}`,
  },
  {
    name: 'Vultr',
    hosts: ['api.vultrinference.com'],
    example: 'https://api.vultrinference.com/v1/chat/completions',
    otherKeys: ['VULTR_API_KEY'],
    source: registry,
  },
  {
    name: 'Lambda',
    hosts: ['api.lambdalabs.com/v1/*'],
    example: 'https://api.lambdalabs.com/v1/chat/completions',
    source: '@portkey-ai/gateway@1.15.2',
  },
  {
    name: 'kluster.ai',
    hosts: ['api.kluster.ai'],
    example: 'https://api.kluster.ai/v1/chat/completions',
    source: '@portkey-ai/gateway@1.15.2',
  },
  {
    name: 'io.net',
    hosts: ['api.intelligence.io.solutions'],
    example: 'https://api.intelligence.io.solutions/api/v1/agents',
    keys: ['IOINTELLIGENCE_API_KEY'],
    source: `@portkey-ai/gateway@1.15.2; ${registry}`,
  },
  {
    name: 'Chutes',
    hosts: ['llm.chutes.ai'],
    example: 'https://llm.chutes.ai/v1/chat/completions',
    keys: ['CHUTES_API_KEY'],
    source: registry,
  },
  {
    name: 'W&B Inference',
    hosts: ['api.inference.wandb.ai'],
    example: 'https://api.inference.wandb.ai/v1/chat/completions',
    otherKeys: ['WANDB_API_KEY'],
    source: registry,
  },
  {
    name: 'Clarifai',
    hosts: ['api.clarifai.com'],
    example: 'https://api.clarifai.com/v2/users/u/apps/a/models/m/outputs',
    keys: ['CLARIFAI_PAT'],
    source: registry,
  },
  {
    name: 'Venice',
    hosts: ['api.venice.ai'],
    example: 'https://api.venice.ai/api/v1/image/generate',
    keys: ['VENICE_API_KEY'],
    source: '@venice-dev-tools/core@2026.3.18',
  },
  {
    name: 'Morph',
    hosts: ['api.morphllm.com'],
    example: 'https://api.morphllm.com/v1/chat/completions',
    keys: ['MORPH_API_KEY'],
    source: '@morphllm/morphsdk@0.2.196',
  },
  {
    name: 'Requesty',
    hosts: ['router.requesty.ai'],
    example: 'https://router.requesty.ai/v1/chat/completions',
    keys: ['REQUESTY_API_KEY'],
    source: '@requesty/ai-sdk@3.6.1',
  },
  {
    name: 'Poe',
    hosts: ['api.poe.com'],
    example: 'https://api.poe.com/v1/chat/completions',
    keys: ['POE_API_KEY'],
    source: registry,
  },
  {
    name: 'OpenCode Zen',
    hosts: ['opencode.ai/zen/*'],
    example: 'https://opencode.ai/zen/go/v1/chat/completions',
    keys: ['OPENCODE_API_KEY'],
    source: registry,
  },
  {
    name: 'Kilo',
    hosts: ['api.kilo.ai/api/gateway/*'],
    example: 'https://api.kilo.ai/api/gateway/chat/completions',
    keys: ['KILO_API_KEY'],
    source: registry,
  },
  {
    name: 'AIHubMix',
    hosts: ['aihubmix.com'],
    example: 'https://aihubmix.com/gemini/v1beta/models/m:generateContent',
    keys: ['AIHUBMIX_API_KEY'],
    source: '@aihubmix/ai-sdk-provider@2.1.0',
  },
  {
    name: '302.AI',
    hosts: ['api.302.ai'],
    example: 'https://api.302.ai/v1/chat/completions',
    keys: ['302AI_API_KEY'],
    source: `@portkey-ai/gateway@1.15.2; ${registry}`,
  },
  {
    name: 'LangDB',
    hosts: ['api.us-east-1.langdb.ai'],
    example: 'https://api.us-east-1.langdb.ai/v1/chat/completions',
    keys: ['LANGDB_API_KEY'],
    source: '@langdb/vercel-provider@0.1.1',
  },
  {
    name: 'OpenPipe',
    hosts: ['api.openpipe.ai/api/v1/chat/*'],
    example: 'https://api.openpipe.ai/api/v1/chat/completions',
    keys: ['OPENPIPE_API_KEY'],
    source: 'openpipe@1.0.0',
  },
  {
    name: 'ModelScope',
    hosts: ['api-inference.modelscope.cn'],
    example: 'https://api-inference.modelscope.cn/v1/images/generations',
    keys: ['MODELSCOPE_API_KEY'],
    source: registry,
  },

  // Makers of language models.
  {
    name: 'DashScope',
    hosts: [
      'dashscope.aliyuncs.com',
      'dashscope-intl.aliyuncs.com',
      'dashscope-us.aliyuncs.com',
      '*.dashscope.aliyuncs.com',
      '*.maas.aliyuncs.com',
    ],
    example: 'https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation',
    keys: ['DASHSCOPE_API_KEY', 'ALIBABA_API_KEY'],
    source: `@ai-sdk/alibaba@2.0.58; qwen-ai-provider@0.1.1; @langchain/community@1.1.29; ${registry}`,
  },
  {
    name: 'Moonshot',
    hosts: ['api.moonshot.ai', 'api.moonshot.cn', 'api.kimi.com', 'api.kimi.ai'],
    example: 'https://api.moonshot.cn/v1/tokenizers/estimate-token-count',
    keys: ['MOONSHOT_API_KEY', 'KIMI_API_KEY'],
    source: `@ai-sdk/moonshotai@3.0.60; @langchain/community@1.1.29; ${registry}`,
  },
  {
    name: 'Z.ai',
    hosts: ['api.z.ai', 'open.bigmodel.cn'],
    example: 'https://open.bigmodel.cn/api/paas/v4/async/chat/completions',
    keys: ['ZHIPU_API_KEY', 'ZHIPUAI_API_KEY', 'ZAI_API_KEY', 'Z_AI_API_KEY'],
    source: `zhipu-ai-provider@0.2.2; zhipuai-sdk-nodejs-v4@0.1.12; @z_ai/mcp-server@0.1.5; ${registry}`,
  },
  {
    name: 'MiniMax',
    hosts: ['api.minimax.io', 'api.minimax.chat', 'api.minimax.cn'],
    example: 'https://api.minimax.io/v1/text/chatcompletion_v2',
    keys: ['MINIMAX_API_KEY'],
    source: `vercel-minimax-ai-provider@0.0.2; @langchain/community@1.1.29; ${registry}`,
  },
  {
    name: 'Volcengine',
    hosts: ['ark.*.volces.com', 'ark.*.bytepluses.com'],
    example: 'https://ark.cn-beijing.volces.com/api/v3/contents/generations/tasks/cgt-1',
    keys: ['ARK_API_KEY'],
    source: `@ai-sdk/bytedance@1.0.29; @langchain/community@1.1.29; ${registry}`,
  },
  {
    name: 'SiliconFlow',
    hosts: ['api.siliconflow.com', 'api.siliconflow.cn'],
    example: 'https://api.siliconflow.cn/v1/video/submit',
    keys: ['SILICONFLOW_API_KEY', 'SILICONFLOW_CN_API_KEY'],
    source: `${registry}; @portkey-ai/gateway@1.15.2`,
  },
  {
    name: 'StepFun',
    hosts: ['api.stepfun.com', 'api.stepfun.ai'],
    example: 'https://api.stepfun.com/step_plan/v1/chat/completions',
    keys: ['STEPFUN_API_KEY'],
    source: registry,
  },
  {
    name: 'Tencent Hunyuan',
    hosts: ['hunyuan.tencentcloudapi.com', 'api.lkeap.cloud.tencent.com', 'tokenhub.tencentmaas.com'],
    example: 'https://hunyuan.tencentcloudapi.com/',
    keys: ['TENCENT_TOKENHUB_API_KEY'],
    otherKeys: ['TENCENT_SECRET_ID', 'TENCENT_SECRET_KEY'],
    source: `tencentcloud-sdk-nodejs-hunyuan@4.1.188; @langchain/community@1.1.29; ${registry}`,
  },
  {
    name: 'Baidu Qianfan',
    hosts: ['qianfan.baidubce.com', 'aip.baidubce.com'],
    example: 'https://aip.baidubce.com/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/completions_pro',
    keys: ['QIANFAN_ACCESS_KEY', 'QIANFAN_SECRET_KEY', 'QIANFAN_AK', 'QIANFAN_SK'],
    lookUps: ['aip.baidubce.com/oauth/2.0/token', 'iam.bj.baidubce.com'],
    source: '@baiducloud/qianfan@0.2.4; @langchain/baidu-qianfan@1.0.1',
  },
  {
    name: '01.AI',
    hosts: ['api.lingyiwanwu.com'],
    example: 'https://api.lingyiwanwu.com/v1/chat/completions',
    source: '@portkey-ai/gateway@1.15.2',
  },
  {
    name: 'iFlytek Spark',
    hosts: ['spark-api.xf-yun.com'],
    example: 'wss://spark-api.xf-yun.com/v3.1/chat',
    keys: ['IFLYTEK_API_KEY', 'IFLYTEK_API_SECRET'],
    source: '@langchain/community@1.1.29',
  },
  {
    name: 'AI21',
    hosts: ['api.ai21.com'],
    example: 'https://api.ai21.com/studio/v1/maestro/runs/1',
    keys: ['AI21_API_KEY'],
    source: 'ai21@1.1.0',
  },
  {
    name: 'Aleph Alpha',
    hosts: ['api.aleph-alpha.com'],
    example: 'https://api.aleph-alpha.com/complete',
    source: '@langchain/community@1.1.29',
  },
  {
    name: 'Reka',
    hosts: ['api.reka.ai'],
    example: 'https://api.reka.ai/v1/chat',
    source: '@portkey-ai/gateway@1.15.2',
  },
  {
    name: 'Writer',
    hosts: ['api.writer.com', 'enterprise-api.writer.com'],
    example: 'https://api.writer.com/v1/chat',
    keys: ['WRITER_API_KEY'],
    source: 'writer-sdk@2.3.2; @writerai/writer-sdk@3.6.0',
  },
  {
    name: 'Upstage',
    hosts: ['api.upstage.ai'],
    example: 'https://api.upstage.ai/v1/solar/chat/completions',
    keys: ['UPSTAGE_API_KEY'],
    source: `${registry}; @portkey-ai/gateway@1.15.2`,
  },
  {
    name: 'Meta Llama',
    hosts: ['api.llama.com', 'api.meta.ai/v1/*'],
    example: 'https://api.llama.com/compat/v1/chat/completions',
    keys: ['LLAMA_API_KEY', 'META_MODEL_API_KEY'],
    source: `llama-api-client@0.3.0; ${registry}`,
  },
  {
    name: 'Amazon Nova',
    hosts: ['api.nova.amazon.com'],
    example: 'https://api.nova.amazon.com/v1/chat/completions',
    keys: ['NOVA_API_KEY'],
    source: registry,
  },
  {
    name: 'Inception',
    hosts: ['api.inceptionlabs.ai'],
    example: 'https://api.inceptionlabs.ai/v1/apply/completions',
    keys: ['INCEPTION_API_KEY'],
    source: registry,
  },
  {
    name: 'v0',
    hosts: ['api.v0.dev'],
    example: 'https://api.v0.dev/v1/chats',
    keys: ['VERCEL_API_KEY'],
    source: '@ai-sdk/vercel@2.0.78',
  },
  {
    name: 'GigaChat',
    hosts: ['gigachat.devices.sberbank.ru'],
    example: 'https://gigachat.devices.sberbank.ru/api/v1/chat/completions',
    lookUps: ['ngw.devices.sberbank.ru:9443/api/v2/oauth'],
    source: 'gigachat@0.0.20',
  },
  {
    name: 'YandexGPT',
    hosts: ['llm.api.cloud.yandex.net'],
    example: 'https://llm.api.cloud.yandex.net/foundationModels/v1/completion',
    keys: ['YC_API_KEY'],
    yieldsTo: { YC_API_KEY: ['YC_IAM_TOKEN'] },
    source: '@langchain/yandex@1.0.3',
  },
  {
    name: 'Sarvam',
    hosts: ['api.sarvam.ai'],
    example: 'https://api.sarvam.ai/speech-to-text-translate',
    keys: ['SARVAM_API_KEY'],
    source: 'sarvamai@1.1.10',
  },

  // Embeddings and reranking.
  {
    name: 'Pinecone',
    // Inference and assistants; its indexes are databases.
    hosts: [
      'api.pinecone.io/embed',
      'api.pinecone.io/rerank',
      'api.pinecone.io/models',
      'api.pinecone.io/models/*',
      'api.pinecone.io/assistant/*',
      '*.ke.pinecone.io/assistant/*',
    ],
    example: 'https://prod-1-data.ke.pinecone.io/assistant/chat/a/chat/completions',
    keys: ['PINECONE_API_KEY'],
    lookUps: ['login.pinecone.io/oauth/token'],
    source: '@pinecone-database/pinecone@9.0.0',
  },
  {
    name: 'Jina',
    hosts: ['api.jina.ai'],
    example: 'https://api.jina.ai/v1/classify',
    keys: ['JINA_API_KEY', 'JINAAI_API_KEY'],
    source: 'jina-ai-provider@1.0.0; @llamaindex/jinaai@0.0.39',
  },
  {
    name: 'Nomic',
    hosts: ['api-atlas.nomic.ai/v1/embedding/*'],
    example: 'https://api-atlas.nomic.ai/v1/embedding/text',
    keys: ['NOMIC_API_KEY'],
    otherKeys: ['ATLAS_API_KEY'],
    source: '@portkey-ai/gateway@1.15.2; @langchain/nomic@0.1.0; @nomic-ai/atlas@0.12.0',
  },
  {
    name: 'Mixedbread',
    hosts: ['api.mixedbread.com', 'api.mixedbread.ai'],
    example: 'https://api.mixedbread.com/v1/reranking',
    keys: ['MXBAI_API_KEY'],
    source: '@mixedbread/sdk@0.78.0; @mixedbread-ai/sdk@2.2.11',
  },

  // Speech.
  {
    name: 'ElevenLabs',
    hosts: ['api.elevenlabs.io', 'api.*.elevenlabs.io'],
    example: 'https://api.eu.residency.elevenlabs.io/v1/text-to-speech/v/stream/with-timestamps',
    keys: ['ELEVENLABS_API_KEY'],
    source: '@elevenlabs/elevenlabs-js@2.73.0',
  },
  {
    name: 'Deepgram',
    hosts: ['api.deepgram.com', 'agent.deepgram.com'],
    example: 'https://api.deepgram.com/v1/listen?model=nova-3',
    keys: ['DEEPGRAM_API_KEY'],
    yieldsTo: { DEEPGRAM_API_KEY: ['DEEPGRAM_ACCESS_TOKEN'] },
    otherKeys: ['DEEPGRAM_ACCESS_TOKEN'],
    source: '@deepgram/sdk@5.13.0',
  },
  {
    name: 'AssemblyAI',
    hosts: [
      'api.assemblyai.com',
      'streaming.assemblyai.com',
      'sync.assemblyai.com',
      'dictation.assemblyai.com',
      'llm-gateway.assemblyai.com',
      'llm-gateway.eu.assemblyai.com',
      'cdn.assemblyai.com/upload/*',
    ],
    example: 'https://api.assemblyai.com/v2/transcript/t1',
    keys: ['ASSEMBLYAI_API_KEY'],
    source:
      'assemblyai@4.41.5; @ai-sdk/assemblyai@3.0.40; https://assemblyai.com/docs/llm-gateway/cloud-endpoints-and-data-residency',
  },
  {
    name: 'Hume',
    hosts: ['api.hume.ai'],
    example: 'https://api.hume.ai/v0/tts/stream/json',
    keys: ['HUME_API_KEY'],
    source: 'hume@0.16.0; @ai-sdk/hume@3.0.40',
  },
  {
    name: 'LMNT',
    hosts: ['api.lmnt.com'],
    example: 'https://api.lmnt.com/v1/ai/speech/bytes',
    keys: ['LMNT_API_KEY'],
    source: 'lmnt-node@2.12.0; @ai-sdk/lmnt@3.0.36',
  },
  {
    name: 'Cartesia',
    hosts: ['api.cartesia.ai'],
    example: 'https://api.cartesia.ai/tts/bytes',
    source: '@cartesia/cartesia-js@4.2.0',
  },
  {
    name: 'Gladia',
    hosts: ['api.gladia.io'],
    example: 'https://api.gladia.io/v2/pre-recorded/1',
    keys: ['GLADIA_API_KEY'],
    source: '@ai-sdk/gladia@3.0.40',
  },
  {
    name: 'Rev AI',
    hosts: ['api.rev.ai', 'ec1.api.rev.ai'],
    example: 'https://api.rev.ai/speechtotext/v1/jobs/1/transcript',
    keys: ['REVAI_API_KEY'],
    source: '@ai-sdk/revai@3.0.40; revai-node-sdk@3.8.5',
  },
  {
    name: 'Speechmatics',
    hosts: ['asr.api.speechmatics.com', 'flow.api.speechmatics.com', '*.rt.speechmatics.com'],
    example: 'wss://eu2.rt.speechmatics.com/v2',
    lookUps: ['mp.speechmatics.com'],
    source:
      '@speechmatics/batch-client@5.1.0; @speechmatics/flow-client@0.2.2; @speechmatics/real-time-client@8.5.1; @speechmatics/auth@0.1.0',
  },
  {
    name: 'Inworld',
    hosts: ['api.inworld.ai'],
    example: 'https://api.inworld.ai/tts/v1/voice',
    keys: ['INWORLD_API_KEY'],
    source: '@inworld/tts@1.1.1',
  },
  {
    name: 'LemonFox',
    hosts: ['api.lemonfox.ai'],
    example: 'https://api.lemonfox.ai/v1/audio/speech',
    source: '@portkey-ai/gateway@1.15.2',
  },

  // Images and videos.
  {
    name: 'Stability AI',
    hosts: ['api.stability.ai'],
    example: 'https://api.stability.ai/v2beta/stable-image/generate/core',
    keys: ['STABILITY_API_KEY'],
    source: 'stability-ai@0.7.0; modelfusion@0.137.0',
  },
  {
    name: 'Black Forest Labs',
    hosts: ['api.bfl.ai', 'api.*.bfl.ai'],
    example: 'https://api.eu.bfl.ai/v1/get_result?id=1',
    keys: ['BFL_API_KEY'],
    errors: 'message',
    source: '@ai-sdk/black-forest-labs@2.0.41',
  },
  {
    name: 'Luma',
    hosts: ['api.lumalabs.ai'],
    example: 'https://api.lumalabs.ai/dream-machine/v1/generations/image',
    keys: ['LUMAAI_API_KEY', 'LUMA_API_KEY'],
    source: 'lumaai@1.19.1; @ai-sdk/luma@3.0.41',
  },
  {
    name: 'Runway',
    hosts: ['api.dev.runwayml.com'],
    example: 'https://api.dev.runwayml.com/v1/image_to_video',
    keys: ['RUNWAYML_API_SECRET'],
    source: '@runwayml/sdk@4.20.1',
  },
  {
    name: 'Prodia',
    hosts: ['inference.prodia.com'],
    example: 'https://inference.prodia.com/v2/job',
    keys: ['PRODIA_TOKEN'],
    errors: 'message',
    source: '@ai-sdk/prodia@1.0.50',
  },
  {
    name: 'Recraft',
    hosts: ['external.api.recraft.ai'],
    example: 'https://external.api.recraft.ai/v1/images/vectorize',
    source: '@portkey-ai/gateway@1.15.2',
  },
  {
    name: 'Runware',
    hosts: ['ws-api.runware.ai'],
    example: 'wss://ws-api.runware.ai/v1',
    source: '@runware/sdk-js@1.3.2',
  },
  {
    name: 'Leonardo',
    hosts: ['cloud.leonardo.ai/api/rest/*'],
    example: 'https://cloud.leonardo.ai/api/rest/v1/generations',
    source: '@leonardo-ai/sdk@4.21.3',
  },
  {
    name: 'Segmind',
    hosts: ['api.segmind.com'],
    example: 'https://api.segmind.com/v1/sdxl1.0-txt2img',
    source: '@portkey-ai/gateway@1.15.2',
  },
]

/** Services that watch LLM apps: what is sent to them is no LLM call, even where its path looks like one. */
export const telemetry: readonly { name: string; hosts: readonly string[]; source: string }[] = [
  { name: 'LangSmith', hosts: ['*.smith.langchain.com'], source: 'langsmith@0.12.0' },
  { name: 'Langfuse', hosts: ['*.langfuse.com'], source: '@langfuse/otel@5.11.1' },
  { name: 'PostHog', hosts: ['*.posthog.com'], source: 'posthog-node@5.70.0' },
  { name: 'Traceloop', hosts: ['api.traceloop.com'], source: '@traceloop/node-server-sdk@0.27.0' },
  { name: 'VoltAgent', hosts: ['api.voltagent.dev'], source: '@voltagent/core@2.10.0' },
  {
    name: 'Helicone',
    hosts: ['api.helicone.ai', 'api.worker.helicone.ai'],
    source: '@helicone/helpers@1.8.3',
  },
  {
    name: 'Datadog',
    hosts: ['api.datadoghq.com/api/unstable/llm-obs/*'],
    source: '@langchain/community@1.1.29',
  },
  { name: 'Arize', hosts: ['otlp.arize.com'], source: '@openrouter/sdk@1.3.19' },
  { name: 'W&B Weave', hosts: ['trace.wandb.ai'], source: '@openrouter/sdk@1.3.19' },
]

/** Services that have nothing to do with LLMs, and paths of the same name as an LLM's API. */
export const otherServices: readonly { name: string; hosts: readonly string[]; source: string }[] = [
  { name: 'Stripe', hosts: ['api.stripe.com', 'files.stripe.com'], source: 'stripe@23.1.0: /v1/files' },
  {
    name: 'Vonage',
    hosts: ['api.nexmo.com', '*.nexmo.com'],
    source: '@vonage/messages@1.27.1: /v1/messages',
  },
  {
    name: 'MessageBird',
    hosts: ['conversations.messagebird.com'],
    source: 'messagebird@4.0.1: /v1/conversations',
  },
  {
    name: 'Quo',
    hosts: ['api.openphone.com', 'api.quo.com'],
    source: 'https://www.quo.com/docs/mdx/api-reference/send-your-first-message: /v1/messages',
  },
]
