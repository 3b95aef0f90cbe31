import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Recording } from '../cassette/schema.ts'
import { locate, type Location } from '../store/locate.ts'
import { filesOf } from '../store/folder.ts'
import { readCassette } from '../store/read.ts'
import { isObject, parseOr } from '../wire/json.ts'
import { CommandError, type Context } from '../cli/report.ts'

/** A cassette as it stands in the folder. */
export interface StoredCassette {
  name: string
  location: Location
  files: string[]
}

/** Every cassette of the folder, by name. */
export function findCassettes({ dir, root }: Context): StoredCassette[] {
  if (!existsSync(dir))
    throw new CommandError(`There is no cassette folder ${shown(root, dir)}. Say where it is with --dir.`)
  return cassettesIn(dir, dir).toSorted((left, right) => (left.name < right.name ? -1 : 1))
}

/**
 * The cassette of this name, or at this path.
 *
 * @throws {CommandError} where there is none
 */
export function findCassette(context: Context, given: string): StoredCassette {
  const name = nameOf(context, given)
  const location = locate(context.dir, name)
  if (existsSync(location.path))
    return { name, location, files: location.folder ? filesOf(location.path) : [location.path] }
  const others = existsSync(context.dir) ? findCassettes(context).map(cassette => cassette.name) : []
  const near = others.filter(other => other.includes(name) || name.includes(other)).slice(0, 3)
  const hint = near.length > 0 ? `\nThere is: ${near.join(', ')}` : ''
  throw new CommandError(`There is no cassette ${name} in ${shown(context.root, context.dir)}.${hint}`)
}

/** A path into the folder, as a shell completes it, is taken for its name. */
export function nameOf({ root, dir }: Context, given: string): string {
  const target = path.resolve(root, given)
  const inside = path.relative(dir, target).split(path.sep).join('/')
  const isPath = !inside.startsWith('..') && inside !== '' && (given.endsWith('.json') || existsSync(target))
  return (isPath ? inside : given).replace(/\.json$/, '')
}

/** One recording of a cassette, with the place a person names it by. */
export interface NumberedRecording {
  /** From 1. */
  number: number
  recording: Recording
}

export function recordingsOf({ location }: StoredCassette): NumberedRecording[] {
  return readCassette(location).map((recording, index) => ({ number: index + 1, recording }))
}

/** A path as a reader would type it. */
export function shown(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/') || '.'
}

export function sizeOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(file).size, 0)
}

function cassettesIn(folder: string, dir: string): StoredCassette[] {
  const name = (target: string) =>
    path
      .relative(dir, target)
      .split(path.sep)
      .join('/')
      .replace(/\.json$/, '')
  const files = filesOf(folder).filter(file => statSync(file).isFile())
  const own =
    folder !== dir && isFolderCassette(folder, files)
      ? [{ name: name(folder), location: { path: folder, folder: true }, files }]
      : files.map(file => ({ name: name(file), location: { path: file, folder: false }, files: [file] }))
  const below = readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !entry.name.endsWith('.lock'))
    .flatMap(entry => cassettesIn(path.join(folder, entry.name), dir))
  return [...own, ...below]
}

/** As `saveCassette` names the files of a folder. */
const savedName = /-[0-9a-f]{8}-\d{3}\.json$/

/**
 * A folder is one cassette where every file in it is one bare recording, and no file has its name. A single recording
 * may as well be a cassette of its own in a folder of many: only the name that a save gives it tells.
 */
function isFolderCassette(folder: string, files: string[]): boolean {
  if (existsSync(`${folder}.json`)) return false
  if (files.length < 2 && !files.some(file => savedName.test(file))) return false
  return files.every(file => {
    const content = parseOr(readFileSync(file, 'utf8'))
    return isObject(content) && 'request' in content
  })
}
