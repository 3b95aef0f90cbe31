import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { requestLine } from '../explain/miss.ts'
import type { Recording } from '../cassette/schema.ts'
import { escapeControls } from '../conversation/format.ts'
import { whileLocked } from '../store/lock.ts'
import { readFile } from '../store/read.ts'
import { saveCassette } from '../store/save.ts'
import { shown } from '../review/catalogue.ts'
import { lastRunFile, readLastRun, type LastRun } from '../store/last-run.ts'
import { CommandError, type Context, type Report } from './report.ts'
import { bold, dim, style } from './style.ts'
import { count } from './units.ts'

interface Unused {
  file: string
  recordings: { index: number; recording: Recording }[]
}

/** `prune`: what the last full run did not need. Shows it, or with `yes` deletes it. */
export async function prune(context: Context, { yes = false }: { yes?: boolean }): Promise<Report> {
  const run = readLastRun(context.root)
  const orphans = run.orphans.map(file => checked(context, file)).filter(file => existsSync(file))
  const unused = unusedOf(context, run).filter(({ file }) => !orphans.includes(file))
  if (yes) await remove(context, { orphans, unused })
  return {
    data: {
      deleted: yes,
      orphans: orphans.map(file => shown(context.root, file)),
      unused: unused.flatMap(({ file, recordings }) =>
        recordings.map(({ index }) => ({ file: shown(context.root, file), index })),
      ),
    },
    text: printFound(context, { orphans, unused }, yes),
  }
}

interface Found {
  orphans: string[]
  unused: Unused[]
}

function unusedOf(context: Context, run: LastRun): Unused[] {
  const byFile = Map.groupBy(run.unused, ({ file }) => checked(context, file))
  return [...byFile].flatMap(([file, entries]) => {
    if (!existsSync(file)) return []
    const recordings = readFile(file)
    const places = new Set(entries.map(({ index }) => index))
    const found = [...places].flatMap(index => {
      const recording = recordings[index]
      return recording === undefined ? [] : [{ index, recording }]
    })
    return found.length === 0 ? [] : [{ file, recordings: found }]
  })
}

/** The list counts only while the files are those that the run saw; and only cassettes of the project are deleted. */
function checked({ root }: Context, given: string): string {
  const file = path.resolve(root, given)
  const inside = path.relative(root, file)
  if (inside.startsWith('..') || path.isAbsolute(inside) || !file.endsWith('.json'))
    throw new CommandError(`${lastRunFile} names ${given}, which is no cassette of this project.`)
  const ran = statSync(path.join(root, lastRunFile)).mtimeMs
  if (existsSync(file) && statSync(file).mtimeMs > ran)
    throw new CommandError(
      `${shown(root, file)} has changed since the last run.\nRun all tests again: npx vitest run`,
    )
  return file
}

async function remove({ root }: Context, { orphans, unused }: Found): Promise<void> {
  for (const file of orphans) await whileLocked(file, () => rmSync(file, { force: true }))
  for (const { file, recordings } of unused) {
    const drop = recordings.map(({ recording }) => recording)
    if (drop.length === readFile(file).length) await whileLocked(file, () => rmSync(file, { force: true }))
    else await saveCassette({ path: file, folder: false }, { add: [], drop })
  }
  // The places in the files are others now; what the run found is done.
  writeFileSync(path.join(root, lastRunFile), JSON.stringify({ full: true, unused: [], orphans: [] }))
}

function printFound({ root }: Context, { orphans, unused }: Found, deleted: boolean): string {
  const recordings = unused.reduce((sum, { recordings: { length } }) => sum + length, 0)
  if (orphans.length + recordings === 0) return 'Nothing to prune: the last full run used everything.'
  const total = [
    ...(orphans.length === 0 ? [] : [count(orphans.length, 'orphan')]),
    ...(recordings === 0 ? [] : [count(recordings, 'unused recording')]),
  ].join(' and ')
  return [
    ...orphans.map(file => `${style('red', '-')} ${bold(shown(root, file))}  ${dim('no test asked for it')}`),
    ...unused.flatMap(({ file, recordings: list }) => [
      `  ${bold(shown(root, file))}`,
      ...list.map(({ index, recording }) => `${style('red', '-')}   ${describe(index, recording)}`),
    ]),
    '',
    deleted ? `Deleted ${total}.` : `${total}. To delete: npx vitest-cassette prune --yes`,
  ].join('\n')
}

function describe(index: number, { test, request }: Recording): string {
  return escapeControls(`${index + 1}  ${test ?? '(of no test)'}: ${requestLine(request)}`).replace(
    /\n/g,
    ' ',
  )
}
