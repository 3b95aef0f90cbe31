import path from 'node:path'
import { explainMisses, type Miss, type MissPlace } from '../explain/miss.ts'
import { findNearest } from '../explain/nearest.ts'
import type { NormalizedRequest } from '../match/key.ts'
import type { Player } from '../match/play.ts'
import type { Index } from '../match/recording-index.ts'
import type { RecordedRequest } from '../cassette/schema.ts'
import { CassetteError } from '../errors.ts'
import type { Redactor } from '../redact/redactor.ts'

/** Where the misses happen, and what they are compared with. */
export interface MissesOptions {
  /** The cassette, absolute. */
  file: string
  /** Paths in messages are relative to it. */
  root: string
  /** The stack at which the cassette was asked for: where a miss is shown. */
  stack: (() => string) | undefined
  /** The rest of what a message says; the mode may not be known before the first call. */
  place: () => Omit<MissPlace, 'cassette'>
  index: Index
  player: Player
  redactor: Redactor
}

/** The requests of one session that no recording answers. */
export class Misses {
  private readonly options: MissesOptions
  private readonly found: Miss[] = []

  constructor(options: MissesOptions) {
    this.options = options
  }

  /** @returns the explanation */
  add(miss: Miss): string {
    this.found.push(miss)
    return this.explanation([miss])
  }

  /** What there is to say of a request that no recording answers, or none any more. */
  explain(kind: 'exhausted' | 'unknown', request: RecordedRequest, normalized: NormalizedRequest): Miss {
    const { index, player } = this.options
    const playable = player.playable()
    const same = index.answersTo(normalized)
    const miss = { kind, request, recordings: playable.length }
    if (kind === 'exhausted')
      return { ...miss, played: same.filter(recording => player.played.has(recording)).length }
    return {
      ...miss,
      recordedFor: same[0]?.test,
      nearest: findNearest(index, normalized, request.body, playable),
    }
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

  place(): MissPlace {
    const { file, root, place } = this.options
    return { ...place(), cassette: path.relative(root, file).split(path.sep).join('/') }
  }

  private explanation(misses: readonly Miss[]): string {
    return this.options.redactor.text(explainMisses(misses, this.place()))
  }
}
