#!/usr/bin/env node
import { createRequire } from 'node:module'
import path from 'node:path'
import { Command, CommanderError } from 'commander'
import { CassetteError } from '../errors.ts'
import { ReviewError } from '../review/review-error.ts'
import { check } from './check.ts'
import { diff, type DiffOptions } from './diff.ts'
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
const codes = Object.entries(exitCodes).map(([code, meaning]) => `  ${code}  ${meaning}`)

const program = new Command('vitest-cassette')
  .description('Looks at, compares and tidies the cassettes of a project.')
  .version(version)
  .enablePositionalOptions()
  .exitOverride()
  .addHelpText('after', `\nExit codes:\n${codes.join('\n')}`)

addCommand('list', 'what is in the cassette folder', list)

addCommand(
  'show <name> [n]',
  'the conversation as a person reads it; of all recordings, or of one',
  (context, [name, number]: [string, string?], options: ShowOptions) =>
    show(context, name, { ...options, number }),
)
  .option('--raw', 'as it is stored')
  .option('--events', 'each event of the stream, with its time')

addCommand(
  'diff <name> [other]',
  'what changed in the conversations, not in the JSON',
  (context, [name, other]: [string, string?], options: DiffOptions) =>
    diff(context, name, { ...options, other }),
).option('--git [ref]', 'compare with a commit (default: HEAD)')

addCommand('check', 'schema, secrets, misplaced files, duplicates; for pre-commit and CI', check)

addCommand(
  'prune',
  'what the last full run did not need: shows it',
  (context, _args, options: { yes?: boolean }) => prune(context, options),
).option('--yes', 'deletes it')

addCommand(
  'record [args...]',
  'runs Vitest with CASSETTE_MODE=record; arguments go on to Vitest',
  (context, [args]: [string[]], options: Shared) => record(context, args, options),
)
  .allowUnknownOption()
  .passThroughOptions()

addCommand('rename <old> <new>', 'gives a cassette another name', (context, names: [string, string]) =>
  rename(context, ...names),
)

addCommand(
  'refresh',
  'writes the cassettes again in the current format, without calling anybody',
  (context, _args, options: { dryRun?: boolean }) => refresh(context, options),
).option('--dry-run', 'only shows what would change')

function addCommand<Args, Options>(
  usage: string,
  description: string,
  work: (context: Context, args: Args, options: Options) => Report | Promise<Report>,
): Command {
  const command: Command = program
    .command(usage)
    .description(description)
    .option('--dir <folder>', 'the cassette folder', 'cassettes')
    .option('--json', 'for programs')
    .exitOverride()
    .action(() =>
      run(command.opts(), context => work(context, command.processedArgs as Args, command.opts() as Options)),
    )
  return command
}

async function run({ dir, json }: Shared, work: (context: Context) => Report | Promise<Report>) {
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

/** Errors whose message says it all. Any other error is a bug, and shows its stack. */
const explained = [CommandError, ReviewError, CassetteError]

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (explained.some(kind => error instanceof kind)) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exitCode = 2
  } else throw error
}
