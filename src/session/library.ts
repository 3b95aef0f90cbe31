import { otherRequestsOf } from '../formats/llama-stack.ts'
import type { MatchOptions } from '../match/normalize.ts'
import { Index } from '../match/recording-index.ts'
import type { RecordedRequest, Recording } from '../cassette/schema.ts'
import type { Location } from '../store/locate.ts'
import { CassetteError } from '../errors.ts'
import { redactRequest } from '../redact/recording.ts'
import type { Redactor } from '../redact/redactor.ts'
import { readCassette, stampOf } from '../store/read.ts'

interface Shelf {
  stamp: string | undefined
  recordings: Recording[]
  /** One for each set of options; they are few and small, so their print tells them apart. */
  indexes: Map<string, Index>
  /** As the cassette was before, until they are made anew. */
  before: Map<string, Index> | undefined
}

const shelves = new Map<string, Shelf>()

/**
 * The recordings of a cassette by their key: read and indexed once a worker, and again when the file has changed.
 *
 * @throws {CassetteError} `bad-cassette`
 */
export function indexOf(location: Location, match: MatchOptions, redactor: Redactor): Index {
  const stamp = stampOf(location)
  let shelf = shelves.get(location.path)
  if (!shelf || shelf.stamp !== stamp) {
    shelf = { stamp, recordings: readCassette(location), indexes: new Map(), before: shelf?.indexes }
    shelves.set(location.path, shelf)
  }
  const options = printMatch(match) + redactor.signature
  const known = shelf.indexes.get(options)
  if (known) return known
  const redaction = {
    redact: (request: RecordedRequest) => redactRequest(request, redactor),
    suspects: (text: string) => redactor.suspects(text),
  }
  const before = shelf.before?.get(options)
  const index = notTooDeep(location, () => {
    const made = new Index(shelf.recordings, match, redaction, before)
    for (const recording of shelf.recordings)
      for (const request of otherRequestsOf(recording)) made.addRequest(request, recording)
    return made
  })
  shelf.indexes.set(options, index)
  shelf.before?.delete(options)
  return index
}

/** A cassette that is nested 100,000 levels deep would overflow the stack of whoever walks through it. */
export function notTooDeep<Result>({ path }: Location, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new CassetteError('bad-cassette', `Cannot read the cassette ${path}: it is nested too deeply.`, {
      file: path,
      cause: error,
    })
  }
}

function printMatch(match: MatchOptions): string {
  return JSON.stringify(match, (_, value: unknown) => (value instanceof RegExp ? String(value) : value))
}
