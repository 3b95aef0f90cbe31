import { diffWordsWithSpace } from 'diff'
import { readCall, readRecordings } from '../review/calls.ts'
import { findCassette } from '../review/catalogue.ts'
import { compareConversations, type ConversationChange } from '../review/differences.ts'
import { readRecordingsAt } from '../review/git.ts'
import { CommandError, type Context, type Report } from './report.ts'
import { formatTitle } from './show.ts'
import { bold, dim, style } from './style.ts'
import { formatCount } from './units.ts'
import { indentAndWrap } from './wrap.ts'

export interface DiffOptions {
  /** The other cassette. */
  other?: string | undefined
  /** The commit to compare with; `true` means the last one. */
  git?: string | true | undefined
}

/** `diff`: what changed in the conversations, whatever changed in the JSON. The exit code is 1 where something did. */
export function diff(context: Context, given: string, options: DiffOptions): Report {
  const { before, after, title } = readSides(context, given, options)
  const { changes, equal } = compareConversations(before, after)
  const last =
    changes.length === 0
      ? 'Every conversation is the same.'
      : dim(`${formatCount(changes.length, 'recording')} changed, ${equal} the same`)
  return {
    data: changes.map(change => ({
      kind: change.kind,
      before: change.before?.number,
      after: change.after?.number,
      lines: change.lines,
    })),
    text: [bold(title), ...changes.map(change => formatChange(change, context)), last].join('\n\n'),
    exitCode: changes.length === 0 ? 0 : 1,
  }
}

function readSides(context: Context, given: string, { other, git }: DiffOptions) {
  if ((other === undefined) === (git === undefined))
    throw new CommandError('diff takes two cassettes, or one and --git [ref].')
  const left = findCassette(context, given)
  const recordings = readRecordings(left)
  if (other !== undefined) {
    const right = findCassette(context, other)
    return { before: recordings, after: readRecordings(right), title: `${left.name} → ${right.name}` }
  }
  const ref = typeof git === 'string' ? git : 'HEAD'
  return {
    before: readRecordingsAt(left.location, ref),
    after: recordings,
    title: `${left.name}  ${ref} → now`,
  }
}

function formatChange({ kind, before, after, lines }: ConversationChange, { width }: Context): string {
  const title = formatTitle(readCall((after ?? before)!), width)
  const formatted = lines.map((line, index) => {
    const text = highlightWords(lines, index)
    const wrapped = indentAndWrap(text, '', width === undefined ? undefined : width - 5)
    return wrapped.replace(/^/gm, `   ${colourBySign(line[0]!, line[0]!)} `)
  })
  return [`${title}\n   ${kind}`, ...formatted].join('\n')
}

/** Where one line took the place of another, the words that differ stand out. */
function highlightWords(lines: string[], index: number): string {
  const [sign, text] = [lines[index]![0]!, lines[index]!.slice(1)]
  const isPair = (at: number) =>
    lines[at]?.[0] === '-' &&
    lines[at + 1]?.[0] === '+' &&
    lines[at - 1]?.[0] !== '-' &&
    lines[at + 2]?.[0] !== '+'
  const start = sign === '-' ? index : index - 1
  if (sign === ' ' || sign === '…' || !isPair(start)) return colourBySign(sign, text)
  const words = diffWordsWithSpace(lines[start]!.slice(1), lines[start + 1]!.slice(1))
  return words
    .filter(word => (sign === '-' ? !word.added : !word.removed))
    .map(word =>
      word.added || word.removed ? style(['bold', sign === '-' ? 'red' : 'green'], word.value) : word.value,
    )
    .join('')
}

function colourBySign(sign: string, text: string): string {
  if (sign === '+') return style('green', text)
  return sign === '-' ? style('red', text) : dim(text)
}
