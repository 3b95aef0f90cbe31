import { parsePath, removePath } from '../cassette/path.ts'

/** What a request's key leaves out or replaces, besides what is always normalized. */
export interface MatchOptions {
  /** Body paths that do not count: `metadata.run_id`, `messages[*].id`. */
  ignore?: string[]
  /** Replacements in every string of the body and the query, in order: `[/run-\d+/g, '<run>']`. */
  replace?: [pattern: RegExp, replacement: string][]
  /** Dates and times in any string of the body count as equal. Default: `false`. */
  dates?: boolean
  /** UUIDs in any string of the body count as equal. Default: `false`. */
  uuids?: boolean
  /** Paths in the system's folder for temporary files count as equal. Default: `false`. */
  tmpPaths?: boolean
  /** Whether the host counts. Default: `true`. */
  host?: boolean
  /** Request headers that count, and are therefore stored: `openai-beta`. Default: none. */
  headers?: string[]
}

const months =
  'Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?'
const days = '(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? )?'
const time =
  '(?:[T ,]+(?:at )?\\d{1,2}:\\d\\d(?::\\d\\d(?:[.,]\\d+)?)?(?: ?[AaPp][Mm])?(?: ?(?:Z|UTC|GMT(?:[+-]\\d{4})?|[+-]\\d\\d:?\\d\\d))?)?'

/** The ready-made replacements, by the name of their option. */
export const readyMade = {
  dates: [
    [new RegExp(`\\d{4}-\\d\\d-\\d\\d${time}`, 'g'), '<date>'],
    [new RegExp(`${days}(?:${months})\\.? \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}${time}`, 'g'), '<date>'],
    [new RegExp(`${days}\\d{1,2}\\.? (?:${months})\\.?,? \\d{4}${time}`, 'g'), '<date>'],
    [new RegExp(`\\d{1,2}[/.]\\d{1,2}[/.]\\d{4}${time}`, 'g'), '<date>'],
    [/\b\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?\b/g, '<time>'],
  ],
  uuids: [[/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<uuid>']],
  tmpPaths: [
    [/(?:\/private)?\/(?:tmp|var\/folders\/[\w+-]+\/[\w+-]+\/T)\/[^\s"'`)\]}>,;:]+/g, '<tmp>'],
    [/[A-Z]:\\(?:Users\\[^\\\s]+\\AppData\\Local\\Temp|Windows\\Temp)\\[^\s"'`)\]}>,;:]+/gi, '<tmp>'],
  ],
} satisfies Record<string, [RegExp, string][]>

export type ReadyMade = keyof typeof readyMade

/** Every replacement that the options ask for. */
export function replacementsOf(match: MatchOptions): [RegExp, string][] {
  const names = Object.keys(readyMade) as ReadyMade[]
  return [...(match.replace ?? []), ...names.filter(name => match[name]).flatMap(name => readyMade[name])]
}

/**
 * Makes bodies with everything the same that does not make a request another one: line endings, client-made ids, and what
 * the options name. Prompt text is left alone unless an option asks.
 */
export function bodyNormalizer(match: MatchOptions): (body: unknown) => unknown {
  const ignored = (match.ignore ?? []).map(parsePath)
  const replacements = replacementsOf(match)
  return body =>
    new Normalizer(replacements).value(
      ignored.reduce((kept, path) => removePath(kept, path), body),
      '',
    )
}

export function replaceAll(text: string, replacements: readonly [RegExp, string][]): string {
  return replacements.reduce((result, [pattern, by]) => result.replace(pattern, by), text)
}

const idField = /^id$|[_a-z](?:_id|Id|ID)$/
/** Ids that clients make up for each run; a response's or a file's id comes from the provider and is part of the question. */
const clientId =
  /^(?:(?:[a-z]+[-_])?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?:call|msg|toolu|tooluse|fc|aitxt|chatcmpl-tool)[-_][\w-]{6,})$/i

class Normalizer {
  private readonly placeholders = new Map<string, string>()
  private readonly replacements: readonly [RegExp, string][]

  constructor(replacements: readonly [RegExp, string][]) {
    this.replacements = replacements
  }

  value(value: unknown, key: string): unknown {
    if (typeof value === 'string') return this.text(value, key)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(item => this.value(item, key))
    // Sorted, so that the numbers of the placeholders do not depend on the order of the keys.
    const names = Object.keys(value).toSorted()
    return Object.fromEntries(
      names.map(name => [name, this.value((value as Record<string, unknown>)[name], name)]),
    )
  }

  /** The same id is the same placeholder, so that which result answers which call still counts. */
  private text(text: string, key: string): string {
    if (idField.test(key) && clientId.test(text)) {
      const known = this.placeholders.get(text) ?? `<id ${this.placeholders.size + 1}>`
      this.placeholders.set(text, known)
      return known
    }
    const unix = text.includes('\r') ? text.replace(/\r\n/g, '\n') : text
    // What kind of secret it was does not count: a replay may run with a key of another kind, or with none.
    const unlabelled = unix.includes('<redacted:') ? unix.replace(/<redacted:[\w-]+>/g, '<redacted>') : unix
    return this.replacements.length === 0 ? unlabelled : replaceAll(unlabelled, this.replacements)
  }
}
