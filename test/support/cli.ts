import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'

const repository = path.resolve(import.meta.dirname, '../..')
/** The command line, as it is built. */
export const main = path.join(repository, 'dist/cli/main.js')

/** A folder with cassettes, in which the command line runs as a process of its own. */
export interface Workplace extends AsyncDisposable {
  root: string
  write: (files: Record<string, unknown>) => Promise<void>
  run: (args: string[], environment?: Record<string, string>) => Promise<CliRun>
}

export interface CliRun {
  exitCode: number | null
  stdout: string
  stderr: string
}

/** @param cassettes names in the new folder, and the fixtures that are copied there */
export async function createWorkplace(cassettes: Record<string, string> = {}): Promise<Workplace> {
  const root = await mkdtemp(path.join(tmpdir(), 'cassette-cli-'))
  for (const [name, fixture] of Object.entries(cassettes)) {
    const file = path.join(root, 'cassettes', `${name}.json`)
    await mkdir(path.dirname(file), { recursive: true })
    await cp(path.join(repository, 'fixtures', `${fixture}.json`), file)
  }
  return {
    root,
    write: files => writeFiles(root, files),
    run: (args, environment = {}) => runCli(root, args, environment),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

async function writeFiles(root: string, files: Record<string, unknown>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  }
}

export async function runCli(
  cwd: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<CliRun> {
  const { FORCE_COLOR: _force, NO_COLOR: _no, CASSETTE_MODE: _mode, ...inherited } = process.env
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>(resolve => child.on('close', resolve)),
  ])
  return { exitCode, stdout, stderr }
}

/** A chat completion as a recording: the least that a cassette needs. */
export function recordingOf(question: string, answer: string, rest: object = {}) {
  return {
    ...rest,
    request: {
      method: 'POST',
      url: 'https://api.openai.com/v1/chat/completions',
      body: { model: 'gpt-x', messages: [{ role: 'user', content: question }] },
    },
    response: {
      status: 200,
      body: {
        choices: [{ message: { role: 'assistant', content: answer }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
      },
      timing: [250],
    },
  }
}

export const cassetteOf = (...recordings: object[]) => ({ version: 1, recordings })
