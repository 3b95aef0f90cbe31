import type { Recording } from '../cassette/schema.ts'
import { replayResponse } from '../http/replay.ts'
import type { Timing } from '../http/timing.ts'
import type { Player } from '../match/play.ts'
import type { Asked } from './asked.ts'
import type { CallLog } from './call.ts'
import type { Source } from './source.ts'

export interface ReplayerOptions {
  player: Player
  calls: CallLog
  /** Default: `'instant'`. */
  timing: Timing | undefined
  /** Whether there is a recording at all. Without one a call is not read before it leaves. */
  isEmpty: boolean
}

/** Answers calls from the recordings of the cassette. */
export class Replayer implements Source {
  private readonly options: ReplayerOptions

  constructor(options: ReplayerOptions) {
    this.options = options
  }

  answer(asked: Asked): Response | undefined {
    if (this.options.isEmpty) return undefined
    const next = this.options.player.next(asked.recordings)
    if ('recording' in next) return this.replay(asked, next.recording)
    asked.miss = next.miss
    return undefined
  }

  private replay(asked: Asked, { response }: Recording): Response {
    const { calls, timing = 'instant' } = this.options
    calls.add(asked).end('replayed', response)
    return replayResponse(response, { timing, signal: asked.received.signal })
  }
}
