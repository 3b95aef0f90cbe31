import type { MatchOptions } from '../cassette/normalize.ts'
import { Index } from '../cassette/play.ts'
import type { Recording } from '../cassette/schema.ts'
import type { Location } from '../store/locate.ts'
import { redactRequest } from '../redact/recording.ts'
import type { Redactor } from '../redact/redactor.ts'
import { readCassette, stampOf } from '../store/read.ts'

interface Shelf {
  stamp: string | undefined
  recordings: Recording[]
  /** One for each set of options; they are few and small, so their print tells them apart. */
  indexes: Map<string, Index>
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
    shelf = { stamp, recordings: readCassette(location), indexes: new Map() }
    shelves.set(location.path, shelf)
  }
  const options = printMatch(match) + redactor.signature
  const index =
    shelf.indexes.get(options) ??
    new Index(shelf.recordings, match, request => redactRequest(request, redactor))
  shelf.indexes.set(options, index)
  return index
}

function printMatch(match: MatchOptions): string {
  return JSON.stringify(match, (_, value: unknown) => (value instanceof RegExp ? String(value) : value))
}
