import type { RecordedRequest } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import { explainMisses, type Miss, type MissContext } from '../explain/miss.ts'
import { findNearest } from '../explain/nearest.ts'
import { refuse } from '../http/refuse.ts'
import type { Player } from '../match/play.ts'
import type { RecordingIndex } from '../match/recording-index.ts'
import type { Redactor } from '../redact/redactor.ts'
import { relativePath } from '../store/relative-path.ts'
import type { Asked } from './asked.ts'
import type { CallLog } from './call.ts'

/** Where the misses happen, and what they are compared with. */
export interface MissesOptions {
  /** The cassette, absolute. */
  file: string
  /** Paths in messages are relative to it. */
  root: string
  /** The stack at which the cassette was asked for: where a miss is shown. */
  stack: (() => string) | undefined
  /** The rest of what a message says; the mode may not be known before the first call. */
  context: () => Omit<MissContext, 'cassette'>
  index: RecordingIndex
  player: Player
  redactor: Redactor
  calls: CallLog
}

/** The requests of one session that no source answered. */
export class Misses {
  private readonly options: MissesOptions
  private readonly found: Miss[] = []

  constructor(options: MissesOptions) {
    this.options = options
  }

  /** Refuses a call that no recording answers. */
  refuse(asked: Asked): Response {
    return this.add(asked, asked.miss === 'exhausted' ? this.exhausted(asked) : this.unknown(asked))
  }

  /** Refuses a call that would have to be recorded, and has no key for it. */
  refuseWithoutKey(asked: Asked, variable: string): Response {
    return this.add(asked, { kind: 'no-key', ...this.basics(asked.request), variable })
  }

  /** One error that explains them all; `undefined` where there are none. */
  error(): CassetteError | undefined {
    const [first, ...others] = this.found
    if (!first) return undefined
    const { index, file, stack } = this.options
    const nearest = others.length === 0 ? first.nearest : undefined
    const details = nearest && { expected: nearest.normalized, actual: index.normalize(first.request) }
    const error = new CassetteError('miss', this.explanation(this.found), { file, ...details })
    if (stack) error.stack = `${error.name}: ${error.message}\n${stack()}`
    return error
  }

  context(): MissContext {
    const { file, root, context } = this.options
    return { ...context(), cassette: relativePath(root, file) }
  }

  private add(asked: Asked, miss: Miss): Response {
    this.found.push(miss)
    this.options.calls.add(asked).end('missed')
    return refuse(miss.request.url, this.explanation([miss]))
  }

  private exhausted(asked: Asked): Miss {
    const { played } = this.options.player
    const times = asked.recordings.filter(recording => played.has(recording)).length
    return { kind: 'exhausted', ...this.basics(asked.request), played: times }
  }

  private unknown(asked: Asked): Miss {
    const { index } = this.options
    const { request, normalized } = asked
    return {
      kind: 'unknown',
      ...this.basics(request),
      nearest: findNearest(index, normalized, request.body),
    }
  }

  private basics(request: RecordedRequest): Pick<Miss, 'request' | 'recordings'> {
    return { request, recordings: this.options.index.recordings.length }
  }

  private explanation(misses: readonly Miss[]): string {
    return this.options.redactor.text(explainMisses(misses, this.context()))
  }
}
