import { labelOfVariable } from './rules.ts'

/** A text that is a secret because the environment says so. */
export interface KnownSecret {
  name: string
  value: string
}

const secretName = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i
/** Names that speak of a secret and hold something else. */
const otherName =
  /(?:_PATH|_FILE|_DIR|_URL|_NAME|_TYPE|_COUNT|_LIMIT)$|(?:MAX|MIN|NUM)_\w*TOKENS|KEYBOARD|KEYMAP/i
const shortest = 8

/** Values that stand in such variables without being secret, and would be found all over a conversation. */
const words = new Set(
  (
    'true false none null undefined default disabled enabled required optional production development testing staging ' +
    'localhost password passwords secret secrets token tokens changeme change-me example placeholder anonymous username ' +
    'administrator anything whatever unlimited infinite keychain keyring plaintext encrypted'
  ).split(' '),
)

/** The values of environment variables whose name looks secret. */
export function secretsOf(environment: Readonly<Record<string, string | undefined>>): KnownSecret[] {
  return Object.entries(environment).flatMap(([variable, value]) =>
    value !== undefined && secretName.test(variable) && !otherName.test(variable) && looksSecret(value)
      ? [{ name: labelOfVariable(variable), value }]
      : [],
  )
}

function looksSecret(value: string): boolean {
  if (value.length < shortest || words.has(value.toLowerCase())) return false
  // Numbers, and places on the disk.
  return !/^[\d.,_-]+$/.test(value) && !/^(?:\.{0,2}\/|~\/|file:)/.test(value)
}

/** The forms in which a value turns up: as it is, in JSON, in a URL, in base64 at any offset. */
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
 * Base64 encodes three bytes as four characters, so a text looks different at each of three offsets; the characters
 * at its ends, which also depend on its neighbours, are left out.
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
