const token =
  /\s*(?:('(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*")|(True|False|None)|(-?\d[\d.eE+-]*)|([{}[\],:]))\s*/y
const words: Record<string, string> = { True: 'true', False: 'false', None: 'null' }

/**
 * Reads a dictionary or a list that Python has printed: `{'code': 400, 'param': None}`.
 *
 * @returns `undefined` where the text is something else
 */
export function parsePythonLiteral(text: string): unknown {
  let json = ''
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const match = token.exec(text)
    if (!match) return undefined
    const [, string, word, number, mark] = match
    json += string === undefined ? (words[word ?? ''] ?? number ?? mark) : JSON.stringify(unquote(string))
  }
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const letters: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

function unquote(string: string): string {
  const escape = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([^]))/g
  return string
    .slice(1, -1)
    .replace(escape, (_, x?: string, u?: string, long?: string, letter = '') =>
      letter === ''
        ? String.fromCodePoint(Number.parseInt(x ?? u ?? long ?? '', 16))
        : (letters[letter] ?? letter),
    )
}
