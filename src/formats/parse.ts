import type { z } from 'zod'
import { CassetteError } from '../errors.ts'
import { fromLlamaStack, refuseOther } from './llama-stack.ts'
import { isCassette, isRecording, schemas, type Recording } from '../cassette/schema.ts'
import { isObject } from '../wire/json.ts'

/**
 * Reads the text of a cassette file: `{ version, recordings }`, one bare recording, or an array of recordings.
 *
 * @param file only named in errors
 * @throws {CassetteError} `bad-cassette`, with the file, the JSON path and the reason
 */
export function parseCassette(text: string, file: string): Recording[] {
  const content = parseJson(text, file)
  if (Array.isArray(content)) return content.map((item, index) => validRecording(item, file, `[${index}]`))
  if (isObject(content) && 'request' in content) return [validRecording(content, file, '')]
  if (isObject(content) && 'version' in content && content.version !== 1)
    throw broken(
      file,
      'version',
      `this version of vitest-cassette reads version 1, not ${JSON.stringify(content.version)}`,
    )
  const plain = withPlainRecordings(content, file)
  if (isCassette(plain)) return plain.recordings
  const parsed = schemas().cassette.safeParse(plain)
  if (!parsed.success) throw invalid(file, '', parsed.error)
  return parsed.data.recordings
}

function withPlainRecordings(content: unknown, file: string): unknown {
  if (!isObject(content) || !Array.isArray(content.recordings)) return content
  return {
    ...content,
    recordings: content.recordings.map((item, index) => plainRecording(item, file, `recordings[${index}]`)),
  }
}

function validRecording(content: unknown, file: string, path: string): Recording {
  const plain = plainRecording(content, file, path)
  if (isRecording(plain)) return plain
  const parsed = schemas().recording.safeParse(plain)
  if (!parsed.success) throw invalid(file, path, parsed.error)
  return parsed.data
}

function plainRecording(content: unknown, file: string, path: string): unknown {
  const refusal = refuseOther(content)
  if (refusal) throw broken(file, `${path}.${refusal.path}`.replace(/^\./, ''), refusal.reason)
  return fromLlamaStack(content)
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (/^<{7} /m.test(text)) throw broken(file, '', 'it holds a git merge conflict', error)
    throw broken(file, '', (error as Error).message, error)
  }
}

function invalid(file: string, base: string, error: z.ZodError): CassetteError {
  const issue = error.issues[0]!
  const path = issue.path.map(step => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  return broken(file, `${base}${path}`.replace(/^\./, ''), issue.message)
}

/** @param path of what is broken, empty where it is all of it */
function broken(file: string, path: string, reason: string, cause?: unknown): CassetteError {
  const place = path === '' ? file : `${file} at ${path}`
  return new CassetteError(
    'bad-cassette',
    `Cannot read the cassette ${place}: ${reason}.\nThe file was not changed. Repair it, or restore it with: git checkout -- ${file}`,
    { file, ...(path === '' ? {} : { path }), cause },
  )
}
