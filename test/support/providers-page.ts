import { format } from 'prettier'
import { apis } from '../../src/api-paths.ts'
import { otherServices, providers, telemetry, type Provider } from '../../src/provider-table.ts'

/** `docs/providers.md`, as it follows from the table. */
export function providersPage(): Promise<string> {
  const text = [
    intro,
    ...providers.map(printProvider),
    '## APIs, on any host',
    'A request with one of these paths counts at every host, below any prefix: at a gateway, a proxy, a local server.',
    ...apis.map(({ name, examples, elsewhere }) => {
      const here = elsewhere ? ' (not on this machine, where the app under test may have such a path)' : ''
      return `- ${name}${here}: ${codes(examples)}`
    }),
    limits,
    '## Telemetry',
    'What an app reports about its calls is no LLM call, at whatever host: `/v1/traces/ingest` (`@openai/agents`), `/v1/traces`, `/v1/metrics` and `/v1/logs` (OpenTelemetry), `/api/public/ingestion` (Langfuse). Nor is any request to these:',
    ...printServices(telemetry),
    '## Services with paths of the same name',
    'These hosts have nothing to do with LLMs, although a path of theirs reads like one of an LLM:',
    ...printServices(otherServices),
  ].join('\n\n')
  return format(text.replace(/\n\n(?=- )/g, '\n'), { parser: 'markdown', semi: false, printWidth: 110 })
}

const intro = `# Providers

<!-- Generated from src/provider-table.ts by \`npm run docs:providers\`. -->

A request counts as an LLM call when its host stands here, when its path is that of a [known API](#apis-on-any-host), or when
[\`include\`](matching.md) says so. In a host, \`*\` stands for any text; where a path follows, only that path counts.

Where a provider's key is missing, a placeholder stands in each of its variables, so that clients can be built; never in one in
brackets, which others read too, or which makes an SDK sign in another way. _Routing headers_ choose provider or model, so
requests that differ in one of them are different requests. _Tokens come from_ hosts at which SDKs sign in before they call; these
requests are no LLM calls.`

const limits = `Some paths do not count although an LLM server has them, because apps have them too. A request to one is a call at a known
host, or with \`include\`:

- \`/api/chat\`, \`/api/generate\`, \`/api/embed\` of Ollama, except at port 11434 and the hosts \`ollama\` and \`ollama.com\`: the
  first is the usual path of a chat in a web app.
- \`/generate\` of Text Generation Inference, except at Hugging Face's hosts.
- \`/v1/models\`, \`/v1/chat\`, \`/v2/embed\` and other names that tell nothing of an LLM.`

function printProvider(provider: Provider): string {
  const {
    name,
    hosts,
    keys = [],
    otherKeys = [],
    lookUps = [],
    routingHeaders = [],
    routingCredentials = [],
    source,
  } = provider
  const variables = [...keys.map(code), ...otherKeys.map(key => `(${code(key)})`)]
  const routing = [
    ...routingHeaders.map(code),
    ...routingCredentials.map(header => `${code(header)} (never stored)`),
  ]
  const lines: [string, readonly string[]][] = [
    ['hosts', hosts.map(code)],
    ['variables', variables],
    ['routing headers', routing],
    ['tokens come from', lookUps.map(code)],
    ['source', source.split('; ').map(link)],
  ]
  return [
    `### ${name}`,
    ...lines.flatMap(([title, items]) => (items.length > 0 ? `- ${title}: ${items.join(', ')}` : [])),
  ].join('\n')
}

function printServices(
  services: readonly { name: string; hosts: readonly string[]; source: string }[],
): string[] {
  return services.map(({ name, hosts, source }) => `- ${name}: ${codes(hosts)}. Source: ${link(source)}`)
}

function codes(items: readonly string[]): string {
  return items.map(code).join(', ')
}

function code(text: string): string {
  return `\`${text}\``
}

function link(source: string): string {
  return source.replace(/https:\/\/[^\s:]+/, '<$&>').replace(/^@?[\w./-]+@[\w.-]+/, '`$&`')
}
