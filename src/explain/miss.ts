import { targetLine } from './request-line.ts'
import type { Difference } from './differences.ts'
import type { Nearest } from './nearest.ts'
import { formatPath } from '../cassette/path.ts'
import type { RecordedRequest } from '../cassette/schema.ts'
import { ignoringOptions } from './volatile.ts'
import { isObject } from '../wire/json.ts'

/** A request that no recording answers, and all that explains it. */
export interface Miss {
  /** `exhausted`: all recordings of this request are played. `unknown`: there is none. `no-key`: it would have to be recorded, without a key. */
  kind: 'exhausted' | 'unknown' | 'no-key'
  request: RecordedRequest
  /** How many recordings the scope had to choose from. */
  recordings: number
  /** For `exhausted`: how many of this request there were. */
  played?: number
  nearest?: Nearest | undefined
  /** For `no-key`: the environment variable to set. */
  variable?: string
}

/** Where the misses happened, and how to record what is missing. */
export interface MissContext {
  test?: string | undefined
  /** As a reader would type it, relative to the working directory. */
  cassette: string
  name: string
  mode: string
  modeReason: string
  /** The one command that records what is missing. */
  command: string
}

/** One explanation for all the misses of a scope. */
export function explainMisses(misses: readonly Miss[], context: MissContext): string {
  const [first] = misses
  const title =
    misses.length === 1
      ? 'No recording answers this LLM call.'
      : `No recording answers ${misses.length} LLM calls.`
  return [
    title,
    '',
    ...contextLines(context),
    ...misses.flatMap((miss, index) => ['', ...explainMiss(miss, misses.length > 1 ? index + 1 : undefined)]),
    '',
    ...fix(first!, context, misses),
  ].join('\n')
}

/** Test, cassette and mode, one a line. */
export function contextLines(context: MissContext): string[] {
  return [
    ...(context.test === undefined ? [] : [`  test      ${context.test}`]),
    `  cassette  ${context.cassette}`,
    `  mode      ${context.mode} (${context.modeReason})`,
  ]
}

function explainMiss(miss: Miss, number: number | undefined): string[] {
  const label = (number === undefined ? 'request' : `request ${number}`).padEnd(9)
  return [`  ${label} ${requestLine(miss.request)}`, ...reason(miss).map(line => `  ${line}`)]
}

function reason(miss: Miss): string[] {
  if (miss.kind === 'no-key') return [`no key    it would be recorded now, but ${miss.variable} is not set.`]
  if (miss.kind === 'exhausted')
    return [
      `exhausted ${miss.played === 1 ? 'its one recording is' : `its ${miss.played} recordings are`} played already; ` +
        'this call was not made when the cassette was recorded.',
    ]
  if (!miss.nearest) return [`unknown   the cassette holds no recording.`]
  const others =
    miss.recordings === 1
      ? 'the cassette holds 1 recording, of another request, which differs in:'
      : `the cassette holds ${miss.recordings} recordings, all of other requests. The nearest differs in:`
  return [`unknown   ${others}`, ...differenceLines(miss.nearest)]
}

const shownDifferences = 8

function differenceLines({ differences }: Nearest): string[] {
  const lines = differences
    .slice(0, shownDifferences)
    .flatMap(difference => [
      `            ${formatPath(difference.path) || 'the body'}`,
      ...showDifference(difference),
    ])
  const more = differences.length - shownDifferences
  return more > 0 ? [...lines, `            and ${more} more`] : lines
}

function showDifference({ recorded, received }: Difference): string[] {
  const from =
    typeof recorded === 'string' && typeof received === 'string' ? firstDifference(recorded, received) : 0
  return [
    `              recorded  ${show(recorded, from)}`,
    `              received  ${show(received, from)}`,
  ]
}

function fix(miss: Miss, context: MissContext, misses: readonly Miss[]): string[] {
  if (miss.kind === 'no-key')
    return ['Set the key and run the test again:', `  ${miss.variable}=... ${context.command}`]
  const volatile = ignoringOptions(misses.flatMap(({ nearest }) => nearest?.differences ?? []))
  if (volatile && misses.every(({ nearest }) => nearest))
    return [
      'All of this looks as if it changed from run to run. To leave it out of the comparison:',
      `  useCassette('${context.name}', { match: ${formatOptions(volatile)} })`,
      'Or record what is missing:',
      `  ${context.command}`,
    ]
  return ['To record what is missing:', `  ${context.command}`]
}

/** The request in one line: provider, method, endpoint, model, whether it streams, the last thing the user said. */
export function requestLine(request: RecordedRequest): string {
  const body = isObject(request.body) ? request.body : {}
  const said = lastUserText(body)
  return [
    targetLine(request),
    ...(typeof body.model === 'string' ? [body.model] : []),
    ...(body.stream === true ? ['stream'] : []),
    ...(said === undefined ? [] : [show(said, 0)]),
  ].join(', ')
}

/** `messages` (most APIs), `input` (Responses, embeddings), `contents` with `parts` (Gemini), `prompt`. */
function lastUserText(body: Record<string, unknown>): string | undefined {
  const list = [body.messages, body.input, body.contents].find(Array.isArray) as unknown[] | undefined
  const last = list?.findLast(
    message => !isObject(message) || message.role === 'user' || message.role === undefined,
  )
  return textOf(last ?? body.input ?? body.prompt)
}

function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content
  if (Array.isArray(content)) return content.map(textOf).findLast(text => text !== undefined)
  if (isObject(content)) return textOf(content.text) ?? textOf(content.content) ?? textOf(content.parts)
  return undefined
}

const shownText = 72

/** A value in one line; of a long one, the part around `from`. */
function show(value: unknown, from: number): string {
  if (value === undefined) return '(nothing)'
  if (typeof value !== 'string') return shorten(JSON.stringify(value), 0)
  return `"${shorten(value, from).replace(/\n/g, '\\n').replace(/\r/g, '\\r')}"`
}

function shorten(text: string, from: number): string {
  if (text.length <= shownText) return text
  const start = Math.max(0, Math.min(from - 16, text.length - shownText))
  return `${start > 0 ? '…' : ''}${text.slice(start, start + shownText)}${start + shownText < text.length ? '…' : ''}`
}

function firstDifference(left: string, right: string): number {
  let index = 0
  while (index < left.length && left[index] === right[index]) index++
  return index
}

/** As it would stand in the test's code. */
function formatOptions(options: object): string {
  const entries = Object.entries(options).map(([name, value]) => {
    const printed = Array.isArray(value) ? `[${value.map(item => `'${item}'`).join(', ')}]` : String(value)
    return `${name}: ${printed}`
  })
  return `{ ${entries.join(', ')} }`
}
