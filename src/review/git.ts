import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { parseCassette } from '../formats/parse.ts'
import type { Recording } from '../cassette/schema.ts'
import type { Location } from '../store/locate.ts'
import { CommandError } from '../cli/report.ts'

/**
 * The recordings of a cassette in a commit; none where it was not there yet.
 *
 * @throws {CommandError} where git, or the commit, is not there
 */
export function recordingsAt(location: Location, ref: string): Recording[] {
  const folder = path.dirname(location.path)
  git(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`])
  const name = path.basename(location.path)
  const inside = location.folder ? `${name}/` : name
  const listed = git(folder, ['ls-tree', '-z', '--name-only', ref, '--', inside])
  const files = listed.split('\0').filter(file => file.endsWith('.json'))
  return files.flatMap(file => parseCassette(git(folder, ['show', `${ref}:./${file}`]), file))
}

function git(cwd: string, args: string[]): string {
  try {
    const options = { cwd, encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 30 } as const
    return execFileSync('git', args, options)
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    const reason = stderr?.trim() || (args[0] === 'rev-parse' ? `${args.at(-1)} is no commit` : message)
    throw new CommandError(`git cannot say how the cassette was: ${reason}`)
  }
}
