import { styleText } from 'node:util'
import type { Paint } from '../conversation/format.ts'

type Format = Parameters<typeof styleText>[0]

/** Colours a text on a terminal only. `NO_COLOR` and `FORCE_COLOR` are respected. */
export function style(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stdout })
}

export const dim = (text: string) => style('dim', text)
export const bold = (text: string) => style('bold', text)

/** How a conversation is painted. */
export const paint: Paint = {
  role: text => style(['bold', 'cyan'], text),
  dim,
  tool: text => style('magenta', text),
  error: text => style(['bold', 'red'], text),
}
