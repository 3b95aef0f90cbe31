import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs'
import path from 'node:path'
import { locate } from '../store/locate.ts'
import { whileLocked } from '../store/lock.ts'
import { relativePath } from '../store/relative-path.ts'
import { findCassette, resolveName } from '../review/catalogue.ts'
import { CommandError, type Context, type Report } from './report.ts'

/** `rename`: moves a cassette, file or folder, to another name. */
export async function rename(context: Context, from: string, to: string): Promise<Report> {
  const cassette = findCassette(context, from)
  const name = resolveName(context, to)
  const target = locate(context.dir, name)
  const stem = target.path.replace(/\.json$/, '')
  if (existsSync(stem) || existsSync(`${stem}.json`))
    throw new CommandError(`There is a cassette ${name} already. Nothing was changed.`)
  const file = cassette.location.folder ? stem : `${stem}.json`
  await whileLocked(cassette.location.path, () => {
    mkdirSync(path.dirname(file), { recursive: true })
    renameSync(cassette.location.path, file)
  })
  removeEmptyFolders(path.dirname(cassette.location.path), context.dir)
  const [before, after] = [cassette.location.path, file].map(target => relativePath(context.root, target))
  return {
    data: { from: before, to: after },
    text: `${before} → ${after}\nThe tests that use it say useCassette('${cassette.name}'): write useCassette('${name}') there.`,
  }
}

function removeEmptyFolders(folder: string, dir: string): void {
  if (folder === dir || !folder.startsWith(dir) || readdirSync(folder).length > 0) return
  rmdirSync(folder)
  removeEmptyFolders(path.dirname(folder), dir)
}
