import { placeholderPrefix, providers, type KeyFormat } from '../providers.ts'

/** How one kind of secret is found. */
export interface Rule extends KeyFormat {
  /** The name in its replacement: `<redacted:openai-key>`. */
  name: string
  /** Matches every text that holds such a secret. It takes the place of a hint that stands in most texts. */
  sign?: RegExp
  /** Whether a match of the pattern is a secret, where the pattern alone cannot tell. */
  accepts?: (match: string) => boolean
}

/** Published formats that no other text looks like. */
const general: readonly Rule[] = [
  { name: 'aws-access-key', hint: 'AKIA', pattern: /\bAKIA[0-9A-Z]{16}\b/g },
  { name: 'aws-access-key', hint: 'ASIA', pattern: /\bASIA[0-9A-Z]{16}\b/g },
  ...['o', 'p', 's', 'u', 'r'].map(kind => ({
    name: 'github-token',
    hint: `gh${kind}_`,
    pattern: new RegExp(`\\bgh${kind}_[A-Za-z0-9]{36,}\\b`, 'g'),
  })),
  { name: 'github-token', hint: 'github_pat_', pattern: /\bgithub_pat_\w{60,}\b/g },
  { name: 'gitlab-token', hint: 'glpat-', pattern: /\bglpat-[\w-]{20,}/g },
  {
    name: 'slack-token',
    hint: 'xox',
    pattern: /\bxox[abopr]-(?:\d-)?(?:[A-Za-z0-9]{1,40}-)+[A-Za-z0-9]{8,}\b/g,
  },
  { name: 'slack-token', hint: 'xapp-', pattern: /\bxapp-\d-[A-Z0-9]+-\d+-[a-z0-9]{32,}\b/g },
  { name: 'stripe-key', hint: '_live_', pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}\b/g },
  { name: 'npm-token', hint: 'npm_', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { name: 'jwt', hint: 'eyJ', pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/g },
  {
    name: 'private-key',
    hint: '-----BEGIN ',
    // In JSON the line breaks may be escaped once or twice. A key that is cut off is taken out as far as it goes.
    pattern:
      /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----|[A-Za-z0-9+/=\s\\rn]*)/g,
  },
  {
    name: 'url-credentials',
    hint: '://',
    sign: /:\/\/[^\s/@]+@/,
    pattern: /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/:@"'<>\\]{1,100}:[^\s/:@"'<>\\]{3,200}(?=@)/g,
  },
  {
    name: 'basic-auth',
    hint: 'asic ',
    pattern: /(?<=\b[Bb]asic )[A-Za-z0-9+/]{12,}={0,2}(?![\w+/=])/g,
    accepts: isUserAndPassword,
  },
]

/** A text such as 'Basic understanding' matches the pattern too. */
function isUserAndPassword(encoded: string): boolean {
  return /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(encoded, 'base64').toString('latin1'))
}

/** All known formats. Those with a longer hint come first, so that `sk-ant-…` is not taken for `sk-…`. */
export const formatRules: readonly Rule[] = [
  ...providers
    .flatMap(({ name, keyFormat }) => (keyFormat ? [{ name: labelOf(name), ...keyFormat }] : []))
    .toSorted((left, right) => right.hint.length - left.hint.length),
  ...general,
]

const hints = [
  escape(placeholderPrefix),
  ...formatRules.map(({ hint, sign }) => sign?.source ?? escape(hint)),
]

/**
 * Matches every text that may hold a secret or a placeholder. One pattern takes a third of the time of one search for each
 * hint. A hint that contains another one (`sk-ant-` contains `sk-`) is left out.
 */
export const formatHints = new RegExp(
  hints.filter(hint => !hints.some(part => part !== hint && hint.includes(part))).join('|'),
)

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** The name in the replacement of a variable's value: `openai-key` for `OPENAI_API_KEY`, `my-token` for `MY_TOKEN`. */
export function labelOfVariable(variable: string): string {
  const provider = providers.find(({ keys }) => keys?.[0] === variable)
  if (provider) return labelOf(provider.name)
  return variable.toLowerCase().replaceAll('_', '-')
}

function labelOf(provider: string): string {
  return `${provider.toLowerCase().replaceAll(' ', '-')}-key`
}
