import type { z } from 'zod'
import { isCassette, isRecording, schemas, type Recording } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import type { Format } from './format.ts'
import { llamaStack } from './llama-stack.ts'
import { own } from './own.ts'

/** The first that reads a recording is the one that it is read with. */
const formats: readonly Format[] = [llamaStack, own]

/** A part of a file that is read by one format, and its JSON path. */
interface Part {
  content: unknown
  path: string
}

/**
 * Reads the text of a cassette file: `{ version, recordings }`, an array of recordings, or one bare recording. Each of
 * the recordings may be in any of the formats.
 *
 * @param file is only named in errors
 * @throws {CassetteError} `bad-cassette`, with the file, the JSON path and the reason
 */
export function parseCassette(text: string, file: string): Recording[] {
  // Some editors begin a file with a byte order mark, which `JSON.parse` does not take.
  const content = parseJson(text.replace(/^\uFEFF/, ''), file)
  return partsOf(content, file).flatMap(part => readPart(part, file))
}

function partsOf(content: unknown, file: string): Part[] {
  if (Array.isArray(content)) return listParts(content, '')
  if (formats.some(format => format.reads(content))) return [{ content, path: '' }]
  if (isCassette(content)) return listParts(content.recordings, 'recordings')
  throw invalidCassette(content, file)
}

function listParts(list: readonly unknown[], path: string): Part[] {
  return list.map((content, index) => ({ content, path: `${path}[${index}]` }))
}

function readPart({ content, path }: Part, file: string): Recording[] {
  const format = formats.find(({ reads }) => reads(content)) ?? own
  const refuse = (inside: string, reason: string): never => {
    throw badCassette({ file, path: `${path}.${inside}`, reason })
  }
  return format.recordings(content, refuse).map(recording => {
    if (isRecording(recording)) return recording
    const { data, error } = schemas().recording.safeParse(recording)
    if (error) throw invalid(error, file, path)
    return data
  })
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = /^<{7} /m.test(text) ? 'it holds a git merge conflict' : (cause as Error).message
    throw badCassette({ file, path: '', reason, cause })
  }
}

function invalidCassette(content: unknown, file: string): CassetteError {
  const { version } = Object(content) as { version?: unknown }
  if (version !== undefined && version !== 1)
    return badCassette({
      file,
      path: 'version',
      reason: `this version of vitest-cassette reads version 1, not ${JSON.stringify(version)}`,
    })
  return invalid(schemas().cassette.safeParse(content).error!, file, '')
}

/** @param base the path of what zod looked at */
function invalid(error: z.ZodError, file: string, base: string): CassetteError {
  const [issue] = error.issues
  const steps = issue!.path.map(step => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
  return badCassette({ file, path: base + steps.join(''), reason: issue!.message })
}

interface Fault {
  file: string
  /** Where the fault is, or an empty text where it is in the whole file. */
  path: string
  reason: string
  cause?: unknown
}

function badCassette({ file, path, reason, cause }: Fault): CassetteError {
  const place = path.replace(/^\./, '')
  const where = place === '' ? file : `${file} at ${place}`
  return new CassetteError(
    'bad-cassette',
    `Cannot read the cassette ${where}: ${reason}.\nThe file was not changed. Repair it, or restore it with: git checkout -- ${file}`,
    { file, ...(place === '' ? {} : { path: place }), cause },
  )
}
