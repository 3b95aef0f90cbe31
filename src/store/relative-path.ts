import path from 'node:path'

/**
 * A path relative to the root, with `/` on every system, as a reader would type it and as `last-run.json` stores it.
 * It starts with `../` where the file lies outside of the root; the root itself is `.`.
 */
export function relativePath(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/') || '.'
}

/** Whether a file lies in a folder, or below it. Both paths are absolute. */
export function isInside(folder: string, file: string): boolean {
  return file.startsWith(folder + path.sep)
}
