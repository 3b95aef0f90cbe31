import type { Recording } from '../cassette/schema.ts'

/** Who plays: the test that a scope belongs to, and its neighbours. */
export interface PlayScope {
  /** The full name of the test; absent in hooks and scripts. */
  test?: string | undefined
  /** Whether this name is another test that exists: what was recorded for it is played last. */
  isOtherTest?: (name: string) => boolean
  /** Whether recordings of other tests that exist may answer. Where a call can be recorded, each test gets its own. */
  playsOthers?: () => boolean
  /** The last recording of a key answers every further request. Default: each recording plays once. */
  repeat?: boolean | undefined
}

/** The recording that plays next; or none, because all of this key are played, or because there never was one. */
export type NextRecording = { recording: Recording } | { miss: 'exhausted' | 'unknown' }

/** Recordings that answer the same request, in the order in which a scope plays them. */
interface Queue {
  recordings: readonly Recording[]
  /** How many of them are played. */
  played: number
}

/**
 * The order of play within one scope: first what this test recorded, in that order; then what belongs to no test, or to one
 * that is gone; then, in a replay, what other tests recorded. Each recording plays once.
 */
export class Player {
  readonly played = new Set<Recording>()
  private readonly recordings: readonly Recording[]
  private readonly scope: PlayScope
  private readonly queues = new Map<readonly Recording[], Queue>()

  constructor(recordings: readonly Recording[], scope: PlayScope) {
    this.recordings = recordings
    this.scope = scope
  }

  /** @param same all recordings that answer the request, as the index finds them */
  next(same: readonly Recording[]): NextRecording {
    const queue = this.queueOf(same)
    // A recording of a dump may answer several requests.
    while (this.played.has(queue.recordings[queue.played]!)) queue.played++
    const recording = queue.recordings[queue.played]
    const last = queue.recordings.at(-1)
    if (!last) return { miss: 'unknown' }
    if (!recording) return this.scope.repeat ? { recording: last } : { miss: 'exhausted' }
    this.played.add(recording)
    return { recording }
  }

  /** Whether one of the recordings that answer a request is still to be played. */
  canPlay(same: readonly Recording[]): boolean {
    return this.queueOf(same).recordings.some(recording => !this.played.has(recording))
  }

  /** The recordings of this scope's own test that no request asked for. */
  ownUnplayed(): Recording[] {
    return this.recordings.filter(recording => this.isOwn(recording) && !this.played.has(recording))
  }

  /** Those of this scope's own test that are not played; where nothing was recorded for it, those of no other test. */
  unplayed(): Recording[] {
    const hasOwn = this.recordings.some(recording => this.isOwn(recording))
    if (hasOwn) return this.ownUnplayed()
    return this.recordings.filter(recording => this.isFree(recording) && !this.played.has(recording))
  }

  private queueOf(same: readonly Recording[]): Queue {
    const known = this.queues.get(same)
    if (known) return known
    const own = same.filter(recording => this.isOwn(recording))
    const free = same.filter(recording => !this.isOwn(recording) && this.isFree(recording))
    const isOthers = (recording: Recording) => !this.isOwn(recording) && !this.isFree(recording)
    const others = this.scope.playsOthers?.() ? same.filter(isOthers) : []
    const queue = { recordings: [...own, ...free, ...others], played: 0 }
    this.queues.set(same, queue)
    return queue
  }

  private isOwn(recording: Recording): boolean {
    return recording.test === this.scope.test
  }

  private isFree(recording: Recording): boolean {
    return recording.test === undefined || !this.scope.isOtherTest?.(recording.test)
  }
}
