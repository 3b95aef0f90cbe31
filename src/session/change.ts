import type { Recording } from '../cassette/schema.ts'
import { keyOf } from '../match/key.ts'
import type { Player } from '../match/play.ts'
import type { RecordingIndex } from '../match/recording-index.ts'
import type { Change } from '../store/save.ts'
import type { Mode } from './mode.ts'

/** A session that is over. */
interface Ended {
  mode: Mode
  passed: boolean
  kind: 'test' | 'hooks' | 'script'
  player: Player
  index: RecordingIndex
}

/** What a session leaves in its cassette: what it recorded, instead of what nobody plays any more. */
export function changeOf(add: readonly Recording[], ended: Ended): Change {
  const { mode, passed, kind, player } = ended
  if (mode === 'record') return passed ? { add, drop: findReplaced(add, ended) } : { add: [], drop: [] }
  const isTidied = passed && add.length > 0 && kind === 'test'
  return { add, drop: isTidied ? player.ownUnplayed() : [] }
}

/** What a scope that recorded everything again leaves behind. Hooks share what has no test with everyone else. */
function findReplaced(add: readonly Recording[], { kind, player, index }: Ended): Recording[] {
  const own = player.ownUnplayed()
  if (kind !== 'hooks') return own
  const keys = new Set(add.map(({ request }) => keyOf(index.normalize(request))))
  return own.filter(({ request }) => keys.has(keyOf(index.normalize(request))))
}
