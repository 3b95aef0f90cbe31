import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { keyTextOf } from '../match/key.ts'
import { parseCassette } from '../formats/parse.ts'
import type { Recording } from '../cassette/schema.ts'
import { escapeControls } from '../conversation/format.ts'
import { findSecrets } from '../redact/find-secrets.ts'
import { Redactor } from '../redact/redactor.ts'
import { locate } from '../store/locate.ts'
import { findCassettes, shown, type StoredCassette } from '../review/catalogue.ts'
import type { Context, Report } from './report.ts'
import { bold, dim, style } from './style.ts'
import { count } from './units.ts'

interface Finding {
  kind: 'schema' | 'secret' | 'misplaced' | 'duplicate'
  /** A note does not fail the check: it may be meant. */
  severity: 'error' | 'note'
  file: string
  message: string
}

/** `check`: what is wrong with the cassettes. Exit code 1 where something is. */
export function check(context: Context): Report {
  const redactor = new Redactor({}, process.env)
  const cassettes = findCassettes(context)
  const findings = [
    ...cassettes.flatMap((cassette, index) => {
      context.progress.at(index, cassettes.length, cassette.name)
      return checkCassette(context, cassette, redactor)
    }),
    ...strangers(context),
  ]
  const errors = findings.filter(({ severity }) => severity === 'error')
  const checked = dim(`${count(cassettes.length, 'cassette')} checked`)
  return {
    data: findings,
    text: [...findings.map(printFinding), errors.length === 0 ? `Nothing wrong. ${checked}` : checked].join(
      '\n',
    ),
    exitCode: errors.length === 0 ? 0 : 1,
  }
}

function checkCassette(context: Context, cassette: StoredCassette, redactor: Redactor): Finding[] {
  const findings: Finding[] = []
  const recordings: Recording[] = []
  for (const file of cassette.files) {
    const add = (kind: Finding['kind'], message: string) =>
      findings.push({ kind, severity: 'error', file: shown(context.root, file), message })
    const text = readFileSync(file, 'utf8')
    try {
      const found = parseCassette(text, shown(context.root, file))
      for (const { path: place, rule } of findSecrets(found, redactor))
        add('secret', `${rule} at recordings${place}`)
      recordings.push(...found)
    } catch (error) {
      add('schema', (error as Error).message.split('\n')[0]!)
    }
  }
  const file = shown(context.root, cassette.location.path)
  return [...findings, ...misplaced(context, cassette, file), ...duplicates(recordings, file)]
}

/** Where no test can find it: a bad name, one hidden behind another, one of a test file that is gone. */
function misplaced({ dir, root }: Context, { name, location }: StoredCassette, file: string): Finding[] {
  const finding = (message: string) => [{ kind: 'misplaced', severity: 'error', file, message } as const]
  try {
    if (locate(dir, name).path !== location.path)
      return finding(`${shown(root, locate(dir, name).path)} has the same name, and is read instead`)
  } catch (error) {
    return finding((error as Error).message.split('\n')[0]!)
  }
  const testFile = /^(.+\.(?:test|spec)\.[cm]?[jt]sx?)\//.exec(name)?.[1]
  // The project's root is where the command runs, or where the cassette folder is.
  const roots = [root, path.dirname(dir)]
  if (testFile === undefined || roots.some(folder => existsSync(path.join(folder, testFile)))) return []
  return finding(`it belongs to the test file ${testFile}, which is not there`)
}

/** The same request again is how an app that asks twice is recorded; the same recording again is a bad merge. */
function duplicates(recordings: Recording[], file: string): Finding[] {
  const groups = Map.groupBy(recordings, ({ test = '', request }) => `${keyTextOf(request)} ${test}`)
  return [...groups.values()].flatMap(group => {
    if (group.length === 1) return []
    const numbers = group.map(recording => recordings.indexOf(recording) + 1).join(', ')
    const copies = new Set(group.map(recording => JSON.stringify(recording))).size < group.length
    const isCopy = copies && group.some(({ response }) => response.timing !== undefined)
    const message = isCopy
      ? `recordings ${numbers} are copies of each other`
      : `recordings ${numbers} answer the same request, one after the other`
    return [{ kind: 'duplicate', severity: isCopy ? 'error' : 'note', file, message } as const]
  })
}

const welcome = /^(?:\.git.*|\.prettier.*|\.DS_Store|README.*)$/i

/** Files in the folder that are no cassettes, and what a process that was killed has left. */
function strangers({ dir, root }: Context): Finding[] {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true })
  return entries.flatMap(entry => {
    const lock = entry.isDirectory() && entry.name.endsWith('.lock')
    if (entry.isDirectory() ? !lock : entry.name.endsWith('.json') || welcome.test(entry.name)) return []
    const left = lock || /\.json\.\d+\.tmp$/.test(entry.name)
    const message = left
      ? 'left by a process that was killed; delete it'
      : 'no cassette: its name does not end in .json'
    return [
      {
        kind: 'misplaced',
        severity: 'error',
        file: shown(root, path.join(entry.parentPath, entry.name)),
        message,
      } as const,
    ]
  })
}

function printFinding({ kind, severity, file, message }: Finding): string {
  const label = severity === 'error' ? style('red', kind) : style('yellow', `${kind} (note)`)
  return `${label}  ${bold(file)}\n  ${escapeControls(message)}`
}
