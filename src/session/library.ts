import type { RecordedRequest, Recording } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import { otherRequestsOf } from '../formats/llama-stack.ts'
import type { MatchOptions } from '../match/normalize.ts'
import { RecordingIndex } from '../match/recording-index.ts'
import { redactRequest } from '../redact/recording.ts'
import type { Redactor } from '../redact/redactor.ts'
import type { Location } from '../store/locate.ts'
import { readCassette, stampOf } from '../store/read.ts'

/** A cassette as it was read last. */
interface Shelf {
  stamp: string | undefined
  recordings: Recording[]
  /** By the options and the secrets that were known: an index holds for one set of them. */
  indexes: Map<string, RecordingIndex>
}

const shelves = new Map<string, Shelf>()

/**
 * The recordings of a cassette by their requests. They are read and indexed once in a worker, and again when the file has
 * changed: tests that share a cassette share the work.
 *
 * @throws {CassetteError} `bad-cassette`
 */
export function indexCassette(location: Location, match: MatchOptions, redactor: Redactor): RecordingIndex {
  const stamp = stampOf(location)
  let shelf = shelves.get(location.path)
  if (!shelf || shelf.stamp !== stamp) {
    shelf = { stamp, recordings: readCassette(location), indexes: new Map() }
    shelves.set(location.path, shelf)
  }
  const id = idOf(match, redactor)
  const known = shelf.indexes.get(id)
  if (known) return known
  try {
    const redact = (request: RecordedRequest) => redactRequest(request, redactor)
    const index = new RecordingIndex(shelf.recordings, { match, redact })
    for (const recording of shelf.recordings)
      for (const request of otherRequestsOf(recording)) index.add(request, recording)
    shelf.indexes.set(id, index)
    return index
  } catch (error) {
    throw explainDepth(error, location)
  }
}

/** Whoever walks through a cassette that is nested 100,000 levels deep overflows the stack: this error says so. */
export function explainDepth(error: unknown, { path }: Location): unknown {
  if (!(error instanceof RangeError)) return error
  return new CassetteError('bad-cassette', `Cannot read the cassette ${path}: it is nested too deeply.`, {
    file: path,
    cause: error,
  })
}

function idOf(match: MatchOptions, redactor: Redactor): string {
  const options = JSON.stringify(match, (_, value: unknown) =>
    value instanceof RegExp ? String(value) : value,
  )
  return options + redactor.signature
}
