import { requestLine } from '../explain/miss.ts'
import { escapeControls } from '../conversation/format.ts'
import type { NumberedRecording } from '../review/calls.ts'
import { deletePrunable, findPrunable, type Prunable } from '../review/prunable.ts'
import { relativePath } from '../store/relative-path.ts'
import type { Context, Report } from './report.ts'
import { bold, dim, style } from './style.ts'
import { formatCount } from './units.ts'

/** `prune`: shows what the last full run did not need, or deletes it with `yes`. */
export async function prune({ root }: Context, { yes = false }: { yes?: boolean }): Promise<Report> {
  const found = findPrunable(root)
  if (yes) await deletePrunable(root, found)
  const orphans = found.orphans.map(file => relativePath(root, file))
  const unused = found.unused.map(({ file, recordings }) => ({ file: relativePath(root, file), recordings }))
  return {
    data: {
      deleted: yes,
      orphans,
      unused: unused.flatMap(({ file, recordings }) =>
        recordings.map(({ number }) => ({ file, index: number - 1 })),
      ),
    },
    text: formatPrunable({ orphans, unused }, yes),
  }
}

function formatPrunable({ orphans, unused }: Prunable, deleted: boolean): string {
  const recordings = unused.reduce((sum, entry) => sum + entry.recordings.length, 0)
  if (orphans.length + recordings === 0) return 'Nothing to prune: the last full run used everything.'
  const total = [
    ...(orphans.length === 0 ? [] : [formatCount(orphans.length, 'orphan')]),
    ...(recordings === 0 ? [] : [formatCount(recordings, 'unused recording')]),
  ].join(' and ')
  return [
    ...orphans.map(file => `${style('red', '-')} ${bold(file)}  ${dim('no test asked for it')}`),
    ...unused.flatMap(entry => [`  ${bold(entry.file)}`, ...entry.recordings.map(formatUnused)]),
    '',
    deleted ? `Deleted ${total}.` : `${total}. To delete: npx vitest-cassette prune --yes`,
  ].join('\n')
}

function formatUnused({ number, recording: { test, request } }: NumberedRecording): string {
  const line = `${number}  ${test ?? '(of no test)'}: ${requestLine(request)}`
  return `${style('red', '-')}   ${escapeControls(line).replace(/\n/g, ' ')}`
}
