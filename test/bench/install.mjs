import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, rmSync } from 'node:fs'
import path from 'node:path'

const here = import.meta.dirname
const repository = path.resolve(here, '../..')

/** The peers from npm; and this package as it would be installed, because Vitest treats a linked one in another way. */
export function install() {
  const modules = path.join(here, 'node_modules')
  if (!existsSync(path.join(modules, 'nock')))
    execFileSync('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund'], {
      cwd: here,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    })
  const own = path.join(modules, 'vitest-cassette')
  rmSync(own, { recursive: true, force: true })
  for (const name of ['dist', 'package.json'])
    cpSync(path.join(repository, name), path.join(own, name), { recursive: true })
}
