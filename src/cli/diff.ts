import { diffWordsWithSpace, structuredPatch } from 'diff'
import { formatConversation, escapeControls } from '../conversation/format.ts'
import { readConversation } from '../conversation/read.ts'
import { findCassette, recordingsOf, type NumberedRecording } from '../review/catalogue.ts'
import { recordingsAt } from '../review/git.ts'
import { pairRecordings, type Pair } from '../review/pair.ts'
import { CommandError, type Context, type Report } from './report.ts'
import { titleOf } from './show.ts'
import { bold, dim, style } from './style.ts'
import { count } from './units.ts'
import { indentAndWrap } from './wrap.ts'

export interface DiffOptions {
  /** The other cassette. */
  other?: string | undefined
  /** The commit to compare with; `true`: the last one. */
  git?: string | true | undefined
}

/** `diff`: what changed in the conversations, whatever changed in the JSON. Exit code 1 where something did. */
export function diff(context: Context, given: string, options: DiffOptions): Report {
  const { before, after, title } = sides(context, given, options)
  const pairs = pairRecordings(before, after)
  const changes = pairs.flatMap(pair => changeOf(pair) ?? [])
  const equal = pairs.length - changes.length
  const last =
    changes.length === 0
      ? 'Every conversation is the same.'
      : dim(`${count(changes.length, 'recording')} changed, ${equal} the same`)
  return {
    data: changes.map(({ kind, pair, lines }) => ({
      kind,
      before: pair.before?.number,
      after: pair.after?.number,
      lines,
    })),
    text: [bold(title), ...changes.map(change => printChange(change, context)), last].join('\n\n'),
    exitCode: changes.length === 0 ? 0 : 1,
  }
}

function sides(context: Context, given: string, { other, git }: DiffOptions) {
  if ((other === undefined) === (git === undefined))
    throw new CommandError('diff takes two cassettes, or one and --git [ref].')
  if (git === undefined) {
    const [left, right] = [findCassette(context, given), findCassette(context, other!)]
    return { before: recordingsOf(left), after: recordingsOf(right), title: `${left.name} → ${right.name}` }
  }
  const cassette = findCassette(context, given)
  const ref = git === true ? 'HEAD' : git
  const before = recordingsAt(cassette.location, ref)
  return {
    before: before.map((recording, index) => ({ number: index + 1, recording })),
    after: recordingsOf(cassette),
    title: `${cassette.name}  ${ref} → now`,
  }
}

interface Change {
  kind: 'added' | 'removed' | 'changed'
  pair: Pair
  /** As in a unified diff: `+`, `-` or a space in front. */
  lines: string[]
}

function changeOf(pair: Pair): Change | undefined {
  const [before, after] = [textOf(pair.before), textOf(pair.after)]
  if (before === after && pair.before && pair.after) return undefined
  const kind = !pair.before ? 'added' : !pair.after ? 'removed' : 'changed'
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: 2 })
  const lines = hunks.flatMap((hunk, index) => [...(index > 0 ? ['…'] : []), ...hunk.lines])
  return { kind, pair, lines: lines.filter(line => !line.startsWith('\\')) }
}

/** What counts: who said what, the model, how it ended. Not: ids, times, token counts, how the stream was cut. */
function textOf(numbered: NumberedRecording | undefined): string {
  if (!numbered) return ''
  const { request, response } = numbered.recording
  const conversation = readConversation(request, response)
  const status = response.status ?? 200
  const first = `model ${escapeControls(conversation.model ?? '(none)')}${status === 200 ? '' : `, status ${status}`}`
  return `${first}\n${formatConversation(conversation)}\n`
}

function printChange({ kind, pair, lines }: Change, { width }: Context): string {
  const title = titleOf((pair.after ?? pair.before)!, width)
  const printed = lines.map((line, index) => {
    const sign = line[0]!
    const text = highlighted(lines, index)
    const wrapped = indentAndWrap(text, '', width === undefined ? undefined : width - 5)
    return wrapped.replace(/^/gm, `   ${painted(sign, sign)} `)
  })
  return [`${title}\n   ${kind}`, ...printed].join('\n')
}

/** Where one line took the place of another, the words that differ stand out. */
function highlighted(lines: string[], index: number): string {
  const [sign, text] = [lines[index]![0]!, lines[index]!.slice(1)]
  const isPair = (at: number) =>
    lines[at]?.[0] === '-' &&
    lines[at + 1]?.[0] === '+' &&
    lines[at - 1]?.[0] !== '-' &&
    lines[at + 2]?.[0] !== '+'
  const start = sign === '-' ? index : index - 1
  if (sign === ' ' || sign === '…' || !isPair(start)) return painted(sign, text)
  const words = diffWordsWithSpace(lines[start]!.slice(1), lines[start + 1]!.slice(1))
  return words
    .filter(word => (sign === '-' ? !word.added : !word.removed))
    .map(word =>
      word.added || word.removed ? style(['bold', sign === '-' ? 'red' : 'green'], word.value) : word.value,
    )
    .join('')
}

function painted(sign: string, text: string): string {
  if (sign === '+') return style('green', text)
  return sign === '-' ? style('red', text) : dim(text)
}
