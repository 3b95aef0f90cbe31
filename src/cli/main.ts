#!/usr/bin/env node
import { createRequire } from 'node:module'
import path from 'node:path'
import { Command, CommanderError } from 'commander'
import { CassetteError } from '../errors.ts'
import { check } from './check.ts'
import { diff } from './diff.ts'
import { list } from './list.ts'
import { Progress } from './progress.ts'
import { prune } from './prune.ts'
import { record } from './record.ts'
import { refresh } from './refresh.ts'
import { rename } from './rename.ts'
import { CommandError, exitCodes, type Context, type Report } from './report.ts'
import { show, type ShowOptions } from './show.ts'

interface Shared {
  dir: string
  json?: boolean
}

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

const program = new Command('vitest-cassette')
  .description('Looks at, compares and tidies the cassettes of a project.')
  .version(version)
  .enablePositionalOptions()
  .exitOverride()
  .addHelpText(
    'after',
    `\nExit codes:\n${Object.entries(exitCodes)
      .map(([code, meaning]) => `  ${code}  ${meaning}`)
      .join('\n')}`,
  )

command('list', 'what is in the cassette folder').action(function (this: Command) {
  return run(this, list)
})

command('show <name> [n]', 'the conversation as a person reads it; of all recordings, or of one')
  .option('--raw', 'as it is stored')
  .option('--events', 'each event of the stream, with its time')
  .action(function (this: Command, name: string, number: string | undefined, options: ShowOptions) {
    return run(this, context => show(context, name, { ...options, number }))
  })

command('diff <name> [other]', 'what changed in the conversations, not in the JSON')
  .option('--git [ref]', 'compare with a commit (default: HEAD)')
  .action(function (
    this: Command,
    name: string,
    other: string | undefined,
    { git }: { git?: string | true },
  ) {
    return run(this, context => diff(context, name, { other, git }))
  })

command('check', 'schema, secrets, misplaced files, duplicates; for pre-commit and CI').action(function (
  this: Command,
) {
  return run(this, context => check(context))
})

command('prune', 'what the last full run did not need: shows it')
  .option('--yes', 'deletes it')
  .action(function (this: Command, options: { yes?: boolean }) {
    return run(this, context => prune(context, options))
  })

command('record [args...]', 'runs Vitest with CASSETTE_MODE=record; arguments go on to Vitest')
  .allowUnknownOption()
  .passThroughOptions()
  .action(function (this: Command, args: string[], { json = false }: { json?: boolean }) {
    return run(this, context => record(context, args, { json }))
  })

command('rename <old> <new>', 'gives a cassette another name').action(function (
  this: Command,
  from: string,
  to: string,
) {
  return run(this, context => rename(context, from, to))
})

command('refresh', 'writes the cassettes again in the current format, without calling anybody')
  .option('--dry-run', 'only shows what would change')
  .action(function (this: Command, options: { dryRun?: boolean }) {
    return run(this, context => refresh(context, options))
  })

function command(usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option('--dir <folder>', 'the cassette folder', 'cassettes')
    .option('--json', 'for programs')
    .exitOverride()
}

async function run(command: Command, work: (context: Context) => Report | Promise<Report>): Promise<void> {
  const { dir, json } = command.opts<Shared>()
  const root = process.cwd()
  const width = process.stdout.isTTY ? process.stdout.columns : undefined
  const progress = new Progress()
  try {
    const { text, data, exitCode = 0 } = await work({ root, dir: path.resolve(root, dir), width, progress })
    progress.clear()
    if (json) process.stdout.write(`${JSON.stringify(data, null, 2)}\n`)
    else if (text !== '') process.stdout.write(`${text}\n`)
    process.exitCode = exitCode
  } finally {
    progress.clear()
  }
}

// `show … | head` closes the pipe before everything is written.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (error instanceof CommandError || error instanceof CassetteError) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
  } else throw error
}
