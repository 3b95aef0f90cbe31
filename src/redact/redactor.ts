import { placeholderPattern, placeholderPrefix } from '../providers.ts'
import { formsOf, secretsOf } from './environment.ts'
import { formatHints, formatRules, labelOfVariable, type Rule } from './rules.ts'

/** What is taken out besides what is found anyway. */
export interface RedactOptions {
  /** Texts that are secret. */
  values?: string[]
  /** Patterns of texts that are secret. */
  patterns?: RegExp[]
  /** Headers whose values are not stored: `x-request-id`. */
  headers?: string[]
  /** The last say on every string; gets it without its secrets. Not in the plugin's options: functions do not reach the workers. */
  custom?: (text: string) => string
}

/** Where in a text a secret stands, and of which kind it is. */
export interface Finding {
  rule: string
  start: number
  end: number
}

interface Form {
  name: string
  text: string
}

/**
 * Finds secrets and takes them out: known formats, the values of secret-looking environment variables in every form they
 * are written in, and what the options name. The same everywhere: before writing, before matching, in messages.
 */
export class Redactor {
  /** The option patterns that have found something. */
  readonly matched = new Set<RegExp>()
  /** The same for redactors that find the same. */
  readonly signature: string
  private readonly forms: Form[]
  /** The forms, also as they stand in JSON. */
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

  /** The text with each secret replaced by `<redacted:its kind>`: always the same for the same kind, and safe in JSON. */
  text(text: string): string {
    const found = this.find(text)
    const clean = found.length === 0 ? text : replace(text, found)
    return this.options.custom ? this.options.custom(clean) : clean
  }

  /** Every secret in a text, in order, none within another. */
  find(text: string): Finding[] {
    return text.length >= 4 && this.suspects(text) ? this.findAll(text) : []
  }

  /** Whether a text, JSON of texts, or several texts in one may hold something to take out. Much faster than `find`. */
  suspects(text: string): boolean {
    if (this.options.custom || this.options.patterns?.length) return true
    return formatHints.test(text) || this.needles.some(needle => text.includes(needle))
  }

  private findAll(text: string): Finding[] {
    const found = [
      ...this.known(text),
      ...this.patterned(text),
      ...formatRules.flatMap(rule => byRule(text, rule)),
    ]
    if (found.length === 0) return found
    return withoutOverlaps(found)
  }

  /** Whether a header is one whose value is not stored. */
  hidesHeader(name: string): boolean {
    return (this.options.headers ?? []).some(hidden => hidden.toLowerCase() === name.toLowerCase())
  }

  /** Whether one of these headers is such. */
  hidesHeaders(headers: Readonly<Record<string, unknown>> = {}): boolean {
    return Object.keys(headers).some(name => this.hidesHeader(name))
  }

  private known(text: string): Finding[] {
    const found: Finding[] = []
    for (const { name, text: form } of this.forms)
      for (let start = text.indexOf(form); start >= 0; start = text.indexOf(form, start + form.length))
        found.push({ rule: name, start, end: start + form.length })
    // A placeholder stands where the secret would: a replay without a key asks the same as the recording with one.
    if (text.includes(placeholderPrefix))
      for (const { 0: match, 1: variable = '', index } of text.matchAll(new RegExp(placeholderPattern, 'g')))
        found.push({ rule: labelOfVariable(variable), start: index, end: index + match.length })
    return found
  }

  private patterned(text: string): Finding[] {
    return (this.options.patterns ?? []).flatMap(pattern => {
      const global = new RegExp(
        pattern.source,
        [...new Set([...pattern.flags, 'g'])].join('').replace('y', ''),
      )
      const found = matches(text, global, 'pattern')
      if (found.length > 0) this.matched.add(pattern)
      return found
    })
  }
}

function byRule(text: string, { name, hint, pattern, accepts = () => true }: Rule): Finding[] {
  if (!text.includes(hint)) return []
  return matches(text, pattern, name).filter(({ start, end }) => accepts(text.slice(start, end)))
}

function matches(text: string, pattern: RegExp, rule: string): Finding[] {
  return Array.from(text.matchAll(pattern), ({ 0: match, index }) => ({
    rule,
    start: index,
    end: index + match.length,
  })).filter(({ start, end }) => end > start)
}

/** The first of two that overlap stands, and reaches to the end of both. */
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
