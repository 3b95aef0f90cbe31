import stringWidth from 'fast-string-width'
import { dim } from './style.ts'

export interface Column {
  title: string
  align?: 'right'
  /** The width below which the column is not cut. Default: the column is never cut. */
  min?: number
}

/** Sets columns two spaces apart. Where the table is wider than the terminal, columns are cut, the last one first. */
export function formatTable(columns: Column[], rows: string[][], width?: number): string {
  const cells = [columns.map(({ title }) => title), ...rows]
  const widths = columns.map((_, index) => Math.max(...cells.map(row => stringWidth(row[index]!))))
  if (width !== undefined) shrink(widths, columns, width)
  const lines = cells.map(row =>
    columns
      .map(({ align }, index) => pad(cut(row[index]!, widths[index]!), widths[index]!, align))
      .join('  ')
      .trimEnd(),
  )
  return [dim(lines[0]!), ...lines.slice(1)].join('\n')
}

function shrink(widths: number[], columns: Column[], available: number): void {
  const gaps = 2 * (columns.length - 1)
  while (widths.reduce((sum, width) => sum + width, gaps) > available) {
    const last = columns.findLastIndex(({ min = Infinity }, index) => widths[index]! > min)
    if (last === -1) return
    widths[last]!--
  }
}

/** As much of a text as fits into the width, with an ellipsis where something is cut off. */
function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break
    kept += segment
  }
  return `${kept}…`
}

function pad(text: string, width: number, align: 'right' | undefined): string {
  const spaces = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return align === 'right' ? spaces + text : text + spaces
}
