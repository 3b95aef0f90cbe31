import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { isObject, parseOr } from '../wire/json.ts'
import { filesOf } from '../store/folder.ts'
import { locate, type Location } from '../store/locate.ts'
import { relativePath } from '../store/relative-path.ts'
import { ReviewError } from './review-error.ts'

/** Where the cassettes of a project are. */
export interface CassetteFolder {
  /** The project's root, absolute. Paths that a person reads are relative to it. */
  root: string
  /** The cassette folder, absolute. */
  dir: string
}

/** A cassette as it stands in the folder. */
export interface StoredCassette {
  name: string
  location: Location
  /** Absolute. */
  files: string[]
}

/**
 * Every cassette of the folder, sorted by name.
 *
 * @throws {ReviewError} where there is no such folder
 */
export function findCassettes({ dir, root }: CassetteFolder): StoredCassette[] {
  if (!existsSync(dir))
    throw new ReviewError(
      `There is no cassette folder ${relativePath(root, dir)}. Say where it is with --dir.`,
    )
  return findBelow(dir, dir).toSorted((left, right) => (left.name < right.name ? -1 : 1))
}

/**
 * The cassette of this name, or at this path.
 *
 * @throws {ReviewError} where there is none
 */
export function findCassette(folder: CassetteFolder, given: string): StoredCassette {
  const name = resolveName(folder, given)
  const location = locate(folder.dir, name)
  if (existsSync(location.path))
    return { name, location, files: location.folder ? filesOf(location.path) : [location.path] }
  const others = existsSync(folder.dir) ? findCassettes(folder).map(cassette => cassette.name) : []
  const near = others.filter(other => other.includes(name) || name.includes(other)).slice(0, 3)
  const hint = near.length > 0 ? `\nThere is: ${near.join(', ')}` : ''
  throw new ReviewError(`There is no cassette ${name} in ${relativePath(folder.root, folder.dir)}.${hint}`)
}

/** The name that a person means, who may also type a path into the folder, as a shell completes it. */
export function resolveName({ root, dir }: CassetteFolder, given: string): string {
  const target = path.resolve(root, given)
  const inside = relativePath(dir, target)
  const isPath = !/^\.\.?(?:\/|$)/.test(inside) && (given.endsWith('.json') || existsSync(target))
  return (isPath ? inside : given).replace(/\.json$/, '')
}

function findBelow(folder: string, dir: string): StoredCassette[] {
  const files = filesOf(folder).filter(file => statSync(file).isFile())
  const isOne = folder !== dir && isFolderCassette(folder, files)
  const own = (isOne ? [folder] : files).map(target => ({
    name: relativePath(dir, target).replace(/\.json$/, ''),
    location: { path: target, folder: isOne },
    files: isOne ? files : [target],
  }))
  const below = readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !entry.name.endsWith('.lock'))
    .flatMap(entry => findBelow(path.join(folder, entry.name), dir))
  return [...own, ...below]
}

/** The name that `saveCassette` gives to a file of a folder. */
const savedName = /-[0-9a-f]{8}-\d{3}\.json$/

/**
 * A folder is one cassette where every file in it is one bare recording, and no file has the folder's name. A folder of
 * cassettes may also hold a single bare recording, so one file alone must have a name that a save gives.
 */
function isFolderCassette(folder: string, files: string[]): boolean {
  if (existsSync(`${folder}.json`)) return false
  if (files.length < 2 && !files.some(file => savedName.test(file))) return false
  return files.every(file => {
    const content = parseOr(readFileSync(file, 'utf8'))
    return isObject(content) && 'request' in content
  })
}
