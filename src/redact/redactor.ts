import { placeholderPattern, placeholderPrefix } from '../providers.ts'
import { formsOf, secretsOf } from './environment.ts'
import { formatHints, formatRules, labelOfVariable, type Rule } from './rules.ts'

/** Secrets that are taken out besides those that are found without options. */
export interface RedactOptions {
  /** Texts that are secret. */
  values?: string[]
  /** Patterns of texts that are secret. */
  patterns?: RegExp[]
  /** Headers whose values are not stored: `x-request-id`. */
  headers?: string[]
  /**
   * Gets every string after its secrets are taken out, and returns what is stored. The plugin's options cannot have it,
   * because functions do not reach the workers.
   */
  custom?: (text: string) => string
}

/** Where a secret stands in a text, and the name of the rule that found it. */
export interface Finding {
  rule: string
  start: number
  end: number
}

/** One form of a known secret, and the name in its replacement. */
interface Form {
  name: string
  text: string
}

/**
 * Finds secrets and takes them out: known formats, values of environment variables that look secret, in every form that
 * they are written in, and what the options name. Recordings, keys and messages all go through it.
 */
export class Redactor {
  /** The option patterns that have found something. */
  readonly matched = new Set<RegExp>()
  /** Equal for two redactors that find the same secrets. */
  readonly signature: string
  private readonly forms: Form[]
  /** The texts of the forms, each also as it stands in JSON. */
  private readonly needles: readonly string[]
  private readonly options: RedactOptions

  constructor(options: RedactOptions, environment: Readonly<Record<string, string | undefined>>) {
    this.options = options
    const own = (options.values ?? []).map(value => ({ name: 'value', value }))
    this.forms = [...own, ...secretsOf(environment)]
      .filter(({ value }) => value !== '' && !value.includes(placeholderPrefix))
      .flatMap(({ name, value }) => formsOf(value).map(text => ({ name, text })))
      .toSorted((left, right) => right.text.length - left.text.length)
    this.needles = [...new Set(this.forms.flatMap(({ text }) => [text, JSON.stringify(text).slice(1, -1)]))]
    const { patterns = [], headers = [], custom } = options
    this.signature = JSON.stringify([this.forms, patterns.map(String), headers, String(custom)])
  }

  /** The text with `<redacted:openai-key>` in place of a secret. A replacement tells only the kind, and is safe in JSON. */
  text(text: string): string {
    const found = this.find(text)
    const clean = found.length === 0 ? text : replace(text, found)
    return this.options.custom ? this.options.custom(clean) : clean
  }

  /** All secrets in a text, in order, without overlaps. */
  find(text: string): Finding[] {
    return text.length >= 4 && this.suspects(text) ? this.findAll(text) : []
  }

  /** Whether a text may hold a secret; it may be JSON, or several texts joined. This is much faster than `find`. */
  suspects(text: string): boolean {
    if (this.options.custom || this.options.patterns?.length) return true
    return formatHints.test(text) || this.needles.some(needle => text.includes(needle))
  }

  private findAll(text: string): Finding[] {
    return withoutOverlaps([
      ...this.findKnown(text),
      ...this.findPatterns(text),
      ...formatRules.flatMap(rule => findByRule(text, rule)),
    ])
  }

  /** Whether the options name this header. */
  hidesHeader(name: string): boolean {
    return (this.options.headers ?? []).some(hidden => hidden.toLowerCase() === name.toLowerCase())
  }

  /** Whether the options name one of these headers. */
  hidesHeaders(headers: Readonly<Record<string, unknown>> = {}): boolean {
    return Object.keys(headers).some(name => this.hidesHeader(name))
  }

  private findKnown(text: string): Finding[] {
    const found: Finding[] = []
    for (const { name, text: form } of this.forms)
      for (let start = text.indexOf(form); start >= 0; start = text.indexOf(form, start + form.length))
        found.push({ rule: name, start, end: start + form.length })
    // A placeholder counts as the secret that it stands for, so that a replay without a key matches a recording with one.
    if (text.includes(placeholderPrefix))
      for (const { 0: match, 1: variable = '', index } of text.matchAll(new RegExp(placeholderPattern, 'g')))
        found.push({ rule: labelOfVariable(variable), start: index, end: index + match.length })
    return found
  }

  private findPatterns(text: string): Finding[] {
    return (this.options.patterns ?? []).flatMap(pattern => {
      const global = new RegExp(
        pattern.source,
        [...new Set([...pattern.flags, 'g'])].join('').replace('y', ''),
      )
      const found = findMatches(text, global, 'pattern')
      if (found.length > 0) this.matched.add(pattern)
      return found
    })
  }
}

function findByRule(text: string, { name, hint, pattern, accepts = () => true }: Rule): Finding[] {
  if (!text.includes(hint)) return []
  return findMatches(text, pattern, name).filter(({ start, end }) => accepts(text.slice(start, end)))
}

function findMatches(text: string, pattern: RegExp, rule: string): Finding[] {
  return Array.from(text.matchAll(pattern), ({ 0: match, index }) => ({
    rule,
    start: index,
    end: index + match.length,
  })).filter(({ start, end }) => end > start)
}

/** Of two secrets that overlap, the first is kept and reaches to the end of both. */
function withoutOverlaps(found: Finding[]): Finding[] {
  const kept: Finding[] = []
  for (const finding of found.toSorted((left, right) => left.start - right.start || right.end - left.end)) {
    const last = kept.at(-1)
    if (!last || finding.start >= last.end) kept.push({ ...finding })
    else last.end = Math.max(last.end, finding.end)
  }
  return kept
}

function replace(text: string, found: readonly Finding[]): string {
  let result = ''
  let done = 0
  for (const { rule, start, end } of found) {
    result += text.slice(done, start) + replacement(rule)
    done = end
  }
  return result + text.slice(done)
}

export function replacement(rule: string): string {
  return `<redacted:${rule}>`
}
