/**
 * Reads JSON without losing anything that `JSON.parse` loses: the order and repetition of keys, and every digit of a
 * number. Two texts give equal results if and only if they differ in white space, in how a string is escaped or in how
 * a number is spelled. What is no JSON gives the text itself.
 */
export function readExactly(text: string): unknown {
  const tokens =
    text.match(/\s+|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]|[^]/g) ?? []
  try {
    JSON.parse(text)
  } catch {
    return { text }
  }
  return { json: tokens.filter(token => token.trim() !== '').map(exact) }
}

function exact(token: string): string {
  if (token.startsWith('"')) return JSON.stringify(JSON.parse(token))
  return /^[-\d]/.test(token) ? decimal(token) : token
}

/** `1.50e3` and `1500` are the same number, `-0` and `0` are not. */
function decimal(number: string): string {
  const [mantissa = '', exponent = '0'] = number.toLowerCase().split('e')
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  let digits = BigInt(whole + fraction)
  let power = BigInt(exponent) - BigInt(fraction.length)
  if (digits === 0n) return `${sign}0`
  while (digits % 10n === 0n) {
    digits /= 10n
    power += 1n
  }
  return `${sign}${digits}e${power}`
}
