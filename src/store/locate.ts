import { lstatSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { CassetteError } from '../errors.ts'

/** Where a cassette is, or will be. */
export interface Location {
  /** Absolute: a `.json` file, or a folder of them. */
  path: string
  folder: boolean
}

/**
 * Finds the cassette of this name: `<dir>/<name>.json`, or the folder `<dir>/<name>`.
 *
 * @param dir the cassette folder, absolute
 * @throws {CassetteError} `bad-name` for a name that leaves the folder, directly or over a link
 */
export function locate(dir: string, name: string): Location {
  checkName(name)
  const stem = path.join(dir, ...name.replace(/\.json$/, '').split('/'))
  const file = `${stem}.json`
  const folder = !isFile(file) && isFolder(stem)
  const found = folder ? stem : file
  checkLinks(dir, found, name)
  return { path: found, folder }
}

/** Names a test's own cassette: `<test file>/<full test name>`, in characters that every file system takes. */
export function nameOfTest(testFile: string, testName: string): string {
  const safe = testName.replace(/[^\p{L}\p{N}\p{M} ._()'-]+/gu, '-').replace(/ *- */g, ' - ')
  const trimmed = safe.slice(0, 120).replace(/^[ .-]+|[ .-]+$/g, '')
  return `${testFile.split(path.sep).join('/')}/${trimmed === '' ? 'test' : trimmed}`
}

/** Windows keeps these names for devices, with any ending. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

function checkName(name: string): void {
  const complain = (reason: string) => {
    throw new CassetteError(
      'bad-name',
      `Bad cassette name ${JSON.stringify(name)}: ${reason}.\n` +
        `A name is relative to the cassette folder and may contain '/': useCassette('geo/capital-question')`,
    )
  }
  if (name === '') complain('it is empty')
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f]/.test(name)) complain('it has a control character')
  if (path.posix.isAbsolute(name) || path.win32.isAbsolute(name) || /^[a-z]:/i.test(name))
    complain('it is absolute')
  if (name.includes('\\')) complain("it has a '\\'")
  for (const part of name.split('/')) {
    if (part === '..') complain("it leaves the folder with '..'")
    if (part === '' || part === '.') complain('it has an empty part')
    if (reserved.test(part)) complain(`'${part}' is a reserved name on Windows`)
    if (/[<>:"|?*]/.test(part) || /[. ]$/.test(part)) complain(`'${part}' is not a file name on every system`)
  }
}

/** Throws where the path, as far as it exists, leaves the folder once its links are followed. */
function checkLinks(dir: string, found: string, name: string): void {
  const root = realpathOf(dir)
  if (root === undefined) return
  for (let existing = found; existing.length > dir.length; existing = path.dirname(existing)) {
    const real = realpathOf(existing)
    if (real === undefined && !isLink(existing)) continue
    if (real !== undefined && (real === root || real.startsWith(root + path.sep))) return
    throw new CassetteError(
      'bad-name',
      `Bad cassette name ${JSON.stringify(name)}: ${existing} is a link out of ${dir}.`,
    )
  }
}

function realpathOf(target: string): string | undefined {
  return look(() => realpathSync(target))
}

function isLink(target: string): boolean {
  return look(() => lstatSync(target))?.isSymbolicLink() ?? false
}

function isFile(target: string): boolean {
  return look(() => statSync(target))?.isFile() ?? false
}

function isFolder(target: string): boolean {
  return look(() => statSync(target))?.isDirectory() ?? false
}

/** A file that cannot be looked at counts as one that is not there. The error comes when it is written. */
function look<Found>(work: () => Found): Found | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
