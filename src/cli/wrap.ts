import { wrapAnsi } from 'fast-wrap-ansi'

/** Indents a text, and breaks its lines between words where the terminal would break them anywhere. */
export function indentAndWrap(text: string, by: string, width: number | undefined): string {
  return text
    .split('\n')
    .flatMap(line => wrapLine(line, width === undefined ? Infinity : width - by.length))
    .map(line => (line === '' ? '' : by + line))
    .join('\n')
}

// oxlint-disable-next-line no-control-regex -- a colour may start before the indent
const indented = /^((?:\u001b\[[\d;]*m)*)(\s*)(.*?)\s*$/

/** The parts of a broken line are all indented like the line, which may be code or an item of a list. */
function wrapLine(line: string, width: number): string[] {
  const [, colour = '', lead = '', text = ''] = indented.exec(line) ?? []
  const rest = colour + text
  if (width === Infinity || rest === '') return [lead === '' || rest !== '' ? lead + rest : '']
  const wrapped = wrapAnsi(rest, Math.max(20, width - lead.length), { hard: true })
  return wrapped.split('\n').map(part => lead + part)
}
