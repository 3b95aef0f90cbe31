import { labelOfVariable } from './rules.ts'

/** The value of an environment variable that holds a secret. */
export interface KnownSecret {
  /** The name in its replacement: `<redacted:openai-key>`. */
  name: string
  value: string
}

const secretName = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i
/** The names that match `secretName` although their values are no secrets. */
const otherName =
  /(?:_PATH|_FILE|_DIR|_URL|_NAME|_TYPE|_COUNT|_LIMIT)$|(?:MAX|MIN|NUM)_\w*TOKENS|KEYBOARD|KEYMAP/i
const shortest = 8

/** Common values of such variables that are no secrets, and that would be found all over a conversation. */
const words = new Set(
  (
    'true false none null undefined default disabled enabled required optional production development testing staging ' +
    'localhost password passwords secret secrets token tokens changeme change-me example placeholder anonymous username ' +
    'administrator anything whatever unlimited infinite keychain keyring plaintext encrypted'
  ).split(' '),
)

/** The environment variables whose name and value both look like those of a secret. */
export function secretsOf(environment: Readonly<Record<string, string | undefined>>): KnownSecret[] {
  return Object.entries(environment).flatMap(([variable, value]) =>
    value !== undefined && secretName.test(variable) && !otherName.test(variable) && looksSecret(value)
      ? [{ name: labelOfVariable(variable), value }]
      : [],
  )
}

function looksSecret(value: string): boolean {
  if (value.length < shortest || words.has(value.toLowerCase())) return false
  const isNumber = /^[\d.,_-]+$/.test(value)
  const isFilePath = /^(?:\.{0,2}\/|~\/|file:)/.test(value)
  return !isNumber && !isFilePath
}

/** The forms in which a text may hold a value: as it is, in JSON once or twice, in a URL, in base64 at any offset. */
export function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1)
  return [
    ...new Set([
      value,
      json,
      JSON.stringify(json).slice(1, -1),
      encodeURIComponent(value),
      ...base64Forms(value),
    ]),
  ]
}

/**
 * Base64 encodes three bytes as four characters, so a text looks different at each of three offsets. The characters
 * at both ends are left out, because they depend on the neighbours of the text too.
 */
function base64Forms(value: string): string[] {
  if (value.length < shortest) return []
  const forms = [0, 1, 2].map(offset => {
    const encoded = Buffer.from('\0'.repeat(offset) + value)
      .toString('base64')
      .replace(/=+$/, '')
    const first = offset === 0 ? 0 : offset + 1
    const clean = Math.floor(((Buffer.byteLength(value) + offset) * 8) / 6)
    return encoded.slice(first, clean)
  })
  return [...forms, ...forms.map(form => form.replaceAll('+', '-').replaceAll('/', '_'))]
}
