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
import { writeAtomically } from '../store/write.ts'
import { findCassettes, shown, type StoredCassette } from '../review/catalogue.ts'
import type { Context, Report } from './report.ts'
import { bold, dim } from './style.ts'
import { count } from './units.ts'

interface Refreshed {
  file: string
  /** What else than the layout of the file changed. */
  changes: Change[]
}

interface Change {
  path: string
  before: unknown
  after: unknown
}

/** `refresh`: writes every cassette again, in the current format, with everything that follows from the request. */
export async function refresh(context: Context, { dryRun = false }: { dryRun?: boolean }): Promise<Report> {
  const cassettes = findCassettes(context)
  const refreshed: Refreshed[] = []
  for (const [index, cassette] of cassettes.entries()) {
    context.progress.at(index, cassettes.length, cassette.name)
    for (const file of cassette.files) refreshed.push(...(await refreshFile(cassette, file, dryRun)))
  }
  const data = refreshed.map(({ file, changes }) => ({ file: shown(context.root, file), changes }))
  const done = dryRun ? 'would be rewritten' : 'rewritten'
  const text = [
    ...data.map(printRefreshed),
    `${count(data.length, 'file')} ${done}, of ${count(cassettes.length, 'cassette')}.`,
  ]
  return { data: { written: !dryRun, files: data }, text: text.join('\n') }
}

async function refreshFile(
  { location }: StoredCassette,
  file: string,
  dryRun: boolean,
): Promise<Refreshed[]> {
  const refreshed: Refreshed[] = []
  await whileLocked(location.path, () => {
    const before = readFile(file)
    const after = before.map(recomputed)
    const text =
      location.folder && after.length === 1 ? `${serializeRecording(after[0]!)}\n` : serializeCassette(after)
    if (readFileSync(file, 'utf8') === text) return
    const changes = differences(before, after).map(changeOf)
    refreshed.push({ file, changes })
    if (!dryRun) writeAtomically(file, text)
  })
  return refreshed
}

/** A URL changes only by losing its credentials, which are not shown either. */
function changeOf({ path, recorded, received }: Difference): Change {
  const before = path.at(-1) === 'url' ? '(with credentials)' : recorded
  return { path: formatPath(['recordings', ...path]), before, after: received }
}

/** What a recording says about its own request, computed again. Keys are not stored, so they need nothing. */
function recomputed(recording: Recording): Recording {
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

function printRefreshed({ file, changes }: Refreshed): string {
  const lines = changes.map(
    ({ path, before, after }) => `  ${path}  ${dim(`${value(before)} → ${value(after)}`)}`,
  )
  return [`${bold(file)}${lines.length === 0 ? dim('  layout only') : ''}`, ...lines].join('\n')
}

function value(given: unknown): string {
  return given === undefined ? '(nothing)' : escapeControls(JSON.stringify(given))
}
