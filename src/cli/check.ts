import { escapeControls } from '../conversation/format.ts'
import { Redactor } from '../redact/redactor.ts'
import { findCassettes } from '../review/catalogue.ts'
import { checkCassette, findStrayFiles, type Finding } from '../review/findings.ts'
import type { Context, Report } from './report.ts'
import { bold, dim, style } from './style.ts'
import { formatCount } from './units.ts'

/** `check`: what is wrong with the cassettes. The exit code is 1 where something is. */
export function check(context: Context): Report {
  const redactor = new Redactor({}, process.env)
  const cassettes = findCassettes(context)
  const findings = [
    ...Array.from(context.progress.each(cassettes), cassette => checkCassette(context, cassette, redactor)),
    findStrayFiles(context),
  ].flat()
  const isFine = findings.every(({ severity }) => severity !== 'error')
  const checked = dim(`${formatCount(cassettes.length, 'cassette')} checked`)
  return {
    data: findings,
    text: [...findings.map(formatFinding), isFine ? `Nothing wrong. ${checked}` : checked].join('\n'),
    exitCode: isFine ? 0 : 1,
  }
}

function formatFinding({ kind, severity, file, message }: Finding): string {
  const label = severity === 'error' ? style('red', kind) : style('yellow', `${kind} (note)`)
  return `${label}  ${bold(file)}\n  ${escapeControls(message)}`
}
