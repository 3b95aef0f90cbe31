import { closeSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import { providers } from '../providers.ts'
import { isGiven } from './environment.ts'
import type { Program } from './inviter.ts'

/** What starts other programs, whose names stand in its arguments. */
const shells = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'cmd'])

/** What many tests start and what asks no model: words of shells, files, version control, databases, browsers, builds. */
const others = new Set(
  `[ awk basename cat cd chmod chown cp cut date df dirname du echo env exit export false find grep head hostname id kill less ln
  ls lsof md5sum mkdir mktemp mv nproc pgrep pkill printf ps pwd readlink realpath rm rmdir sed set sha256sum sleep sort stat tail
  tar tee test touch tr true uname uniq unset unzip wait wc where which whoami xargs zip
  git gh hg ssh scp rsync docker docker-compose podman
  psql pg_ctl initdb postgres mysql mysqld mongod mongosh redis-server redis-cli sqlite3
  chrome chromium google-chrome chrome-headless-shell headless_shell firefox msedge playwright_firefox open xdg-open
  esbuild swc sass ffmpeg ffprobe`.split(/\s+/),
)

/**
 * The name of the program, if it is not Node and gets a provider's key along with its environment: the calls that it may
 * make with it are seen by nobody.
 */
export function foreignProgramWithKey({ file, args, environment }: Program): string | undefined {
  if (!hasKey(environment)) return undefined
  const command = commandsOf(file, args).find(name => isForeign(name, environment.PATH))
  return command === undefined ? undefined : nameOf(command)
}

function hasKey(environment: Program['environment']): boolean {
  return providers.some(({ keys = [] }) => keys.some(name => isGiven(environment[name])))
}

/** The names of the commands that are run, as they are called. */
function commandsOf(file: string, args: readonly string[]): string[] {
  if (!shells.has(nameOf(file))) return [file]
  const at = args.findIndex(argument => /^(?:-\w*c|\/c)$/i.test(argument))
  if (at === -1) return [args[1] ?? file]
  return args
    .slice(at + 1)
    .join(' ')
    .split(/&&|\|\||[|;&\n]/)
    .flatMap(part => firstWordOf(part) ?? [])
}

/** Without the variables that are set for it (`PORT=1 node app.js`). */
function firstWordOf(command: string): string | undefined {
  return /^[\s("']*(?:\w+=\S*\s+)*([^\s"')]+)/.exec(command)?.[1]
}

function nameOf(command: string): string {
  return path.basename(command.replaceAll('\\', '/')).replace(/\.(?:exe|cmd|bat|ps1)$/i, '')
}

function isForeign(command: string, searchPath: string | undefined): boolean {
  const name = nameOf(command)
  if (name === 'node' || name === nameOf(process.execPath) || others.has(name)) return false
  return !isNodeScript(command, searchPath)
}

/** Whether a command is a script that Node runs, as those of packages are: `npx`, `tsx`, an app's own. */
function isNodeScript(command: string, searchPath = ''): boolean {
  const folders = command.includes('/') ? [''] : searchPath.split(path.delimiter)
  for (const folder of folders) {
    const file = path.join(folder, command)
    const line = firstLineOf(file)
    // Package managers put scripts for the shell there, each of which runs one for Node.
    if (line !== undefined)
      return /^#!.*\bnode\b/.test(line) || (line.startsWith('#!') && /node_modules.\.bin/.test(file))
  }
  return false
}

function firstLineOf(file: string): string | undefined {
  try {
    const descriptor = openSync(file, 'r')
    const start = Buffer.alloc(100)
    readSync(descriptor, start, 0, start.length, 0)
    closeSync(descriptor)
    return start.toString('latin1').split('\n')[0]
  } catch {
    return undefined
  }
}
