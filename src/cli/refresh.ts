import { readFileSync } from 'node:fs'
import { differences, type Difference } from '../explain/differences.ts'
import { endpointOf, withoutCredentials } from '../match/address.ts'
import { formatPath } from '../cassette/path.ts'
import type { Recording } from '../cassette/schema.ts'
import { modelOf } from '../conversation/model.ts'
import { escapeControls } from '../conversation/format.ts'
import { whileLocked } from '../store/lock.ts'
import { serializeCassette, serializeRecording } from '../formats/serialize.ts'
import { readFile } from '../store/read.ts'
import { relativePath } from '../store/relative-path.ts'
import { writeAtomically } from '../store/write.ts'
import { findCassettes } from '../review/catalogue.ts'
import type { Context, Report } from './report.ts'
import { bold, dim } from './style.ts'
import { formatCount } from './units.ts'

/** A file that is written again. */
interface Refreshed {
  /** Relative to the root. */
  file: string
  /** What changed besides the layout of the file. */
  changes: FieldChange[]
}

/** A field of a recording that follows from its request, and has another value now. */
interface FieldChange {
  path: string
  before: unknown
  after: unknown
}

/** `refresh`: writes every cassette again, in the current format, with everything that follows from the request. */
export async function refresh(context: Context, { dryRun = false }: { dryRun?: boolean }): Promise<Report> {
  const cassettes = findCassettes(context)
  const refreshed: Refreshed[] = []
  for (const { location, files } of context.progress.each(cassettes))
    for (const file of files)
      await whileLocked(location.path, () => {
        const changes = refreshFile(file, location.folder, dryRun)
        if (changes) refreshed.push({ file: relativePath(context.root, file), changes })
      })
  const done = dryRun ? 'would be rewritten' : 'rewritten'
  const text = [
    ...refreshed.map(formatRefreshed),
    `${formatCount(refreshed.length, 'file')} ${done}, of ${formatCount(cassettes.length, 'cassette')}.`,
  ]
  return { data: { written: !dryRun, files: refreshed }, text: text.join('\n') }
}

/** @returns what changed besides the layout; `undefined` where the file stays as it is */
function refreshFile(file: string, isBare: boolean, dryRun: boolean): FieldChange[] | undefined {
  const before = readFile(file)
  const after = before.map(recompute)
  const text = isBare && after.length === 1 ? `${serializeRecording(after[0]!)}\n` : serializeCassette(after)
  if (readFileSync(file, 'utf8') === text) return undefined
  if (!dryRun) writeAtomically(file, text)
  return differences(before, after).map(describeChange)
}

/** A URL changes only where it loses its credentials, which must not be shown. */
function describeChange({ path, recorded, received }: Difference): FieldChange {
  const before = path.at(-1) === 'url' ? '(with credentials)' : recorded
  return { path: formatPath(['recordings', ...path]), before, after: received }
}

/** Computes again what a recording says about its own request. Keys are not stored, so they cannot be out of date. */
function recompute(recording: Recording): Recording {
  const { endpoint: _endpoint, model: _model, ...request } = recording.request
  const url = URL.canParse(request.url) ? withoutCredentials(request.url) : request.url
  const model = modelOf(recording.request)
  return {
    ...recording,
    request: {
      ...request,
      url,
      ...(URL.canParse(url) ? { endpoint: endpointOf(new URL(url)) } : {}),
      ...(model === undefined ? {} : { model }),
    },
  }
}

function formatRefreshed({ file, changes }: Refreshed): string {
  const lines = changes.map(
    ({ path, before, after }) => `  ${path}  ${dim(`${formatValue(before)} → ${formatValue(after)}`)}`,
  )
  return [`${bold(file)}${lines.length === 0 ? dim('  layout only') : ''}`, ...lines].join('\n')
}

function formatValue(given: unknown): string {
  return given === undefined ? '(nothing)' : escapeControls(JSON.stringify(given))
}
