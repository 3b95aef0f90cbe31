import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { parseCassette } from '../formats/parse.ts'
import type { Location } from '../store/locate.ts'
import { numberRecordings, type NumberedRecording } from './calls.ts'
import { ReviewError } from './review-error.ts'

/**
 * The recordings of a cassette in a commit; none where the commit has no such cassette.
 *
 * @throws {ReviewError} where git, or the commit, is not there
 */
export function readRecordingsAt(location: Location, ref: string): NumberedRecording[] {
  const folder = path.dirname(location.path)
  runGit(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`])
  const name = path.basename(location.path)
  const inside = location.folder ? `${name}/` : name
  const listed = runGit(folder, ['ls-tree', '-z', '--name-only', ref, '--', inside])
  const files = listed.split('\0').filter(file => file.endsWith('.json'))
  return numberRecordings(
    files.flatMap(file => parseCassette(runGit(folder, ['show', `${ref}:./${file}`]), file)),
  )
}

function runGit(cwd: string, args: string[]): string {
  try {
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 30 })
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    const reason = stderr?.trim() || (args[0] === 'rev-parse' ? `${args.at(-1)} is no commit` : message)
    throw new ReviewError(`git cannot say how the cassette was: ${reason}`)
  }
}
