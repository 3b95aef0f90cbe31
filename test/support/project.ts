import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'

const repository = path.resolve(import.meta.dirname, '../..')
const projects = path.join(repository, 'test/.projects')

/** A small project of its own, on which Vitest itself runs. */
export interface Project extends AsyncDisposable {
  root: string
  write(files: Record<string, string>): Promise<void>
  read(file: string): Promise<string>
  files(folder: string): Promise<string[]>
  run(args?: string[], environment?: Record<string, string | undefined>): Promise<Run>
  /** Runs Node in the project's folder, for other runners than Vitest. */
  node(args: string[], environment?: Record<string, string | undefined>): Promise<Ended>
  /** Another project with all that this one holds now: what it has recorded too. */
  copy(): Promise<Project>
}

export interface Ended {
  exitCode: number | null
  /** What the terminal showed, without colours. */
  output: string
}

export interface Run extends Ended {
  /** The outcome of each test, by its full name (`suite > test`). */
  tests: Record<string, string>
  /** The error messages of each failed test. */
  errors: Record<string, string>
}

const config = `
import { cassettes } from 'vitest-cassette/plugin'
import { defineConfig } from 'vitest/config'
export default defineConfig({ plugins: [cassettes()], test: { include: ['**/*.test.ts'] } })
`

/** Ways to run a test file, as the options of a Vitest project each. */
export const pools = {
  forks: { pool: 'forks' },
  threads: { pool: 'threads' },
  vmThreads: { pool: 'vmThreads' },
}

/**
 * A config with a Vitest project for each of these ways, so that one run takes every test file through all of them. Tests
 * find the name of theirs in `process.env.WAY`.
 *
 * @param plugins as they stand in the config
 */
export function configOfWays(ways: Record<string, object>, plugins = '[cassettes()]'): string {
  const projects = Object.entries(ways).map(([name, options]) => ({
    extends: true,
    test: { name, env: { WAY: name }, ...options },
  }))
  return `
    import { cassettes } from 'vitest-cassette/plugin'
    import { defineConfig } from 'vitest/config'
    export default defineConfig({
      plugins: ${plugins},
      test: { include: ['**/*.test.ts'], projects: ${JSON.stringify(projects)} },
    })
  `
}

/** An app as people write them: the client is built when the module loads. */
export const askApp = `
import OpenAI from 'openai'
const client = new OpenAI({ baseURL: process.env.PROVIDER_URL })
export async function ask(question: string): Promise<string> {
  const completion = await client.chat.completions.create({ model: 'test-model', messages: [{ role: 'user', content: question }] })
  return completion.choices[0]!.message.content!
}
export async function* stream(question: string) {
  const events = await client.chat.completions.create({ model: 'test-model', messages: [{ role: 'user', content: question }], stream: true })
  for await (const event of events) yield event.choices[0]?.delta.content ?? ''
}
`

/** @param copyOf a folder of the repository, whose files come first */
export async function createProject(files: Record<string, string>, copyOf?: string): Promise<Project> {
  await mkdir(path.join(projects, 'node_modules'), { recursive: true })
  const link = path.join(projects, 'node_modules/vitest-cassette')
  if (!existsSync(link)) await symlink(repository, link, 'junction').catch(() => undefined)
  const root = await mkdtemp(path.join(projects, 'project-'))
  if (copyOf !== undefined) await cp(path.join(repository, copyOf), root, { recursive: true })
  const project: Project = {
    root,
    write: async given => {
      for (const [name, content] of Object.entries(given)) {
        await mkdir(path.dirname(path.join(root, name)), { recursive: true })
        await writeFile(path.join(root, name), content)
      }
    },
    read: file => readFile(path.join(root, file), 'utf8'),
    files: async folder =>
      existsSync(path.join(root, folder)) ? readdir(path.join(root, folder), { recursive: true }) : [],
    run: (args = [], environment = {}) => runVitest(root, args, environment),
    node: (args, environment = {}) => runNode(root, args, environment),
    copy: () => createProject({}, path.relative(repository, root)),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
  if (copyOf === undefined)
    await project.write({ 'package.json': '{ "type": "module" }', 'vitest.config.ts': config })
  await project.write(files)
  return project
}

async function runVitest(
  root: string,
  args: string[],
  environment: Record<string, string | undefined>,
): Promise<Run> {
  const vitest = path.join(repository, 'node_modules/vitest/vitest.mjs')
  // Runs may go on at the same time.
  const report = path.join(root, `report-${randomUUID()}.json`)
  const ended = await runNode(
    root,
    [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    environment,
  )
  const results = existsSync(report) ? testsOf(JSON.parse(await readFile(report, 'utf8')) as Report) : []
  const failed = results.filter(({ status }) => status === 'failed')
  return {
    ...ended,
    tests: Object.fromEntries(results.map(test => [nameOf(test), test.status])),
    errors: Object.fromEntries(failed.map(test => [nameOf(test), test.failureMessages.join('\n')])),
  }
}

async function runNode(
  root: string,
  args: string[],
  environment: Record<string, string | undefined>,
): Promise<Ended> {
  const child = spawn(process.env.TEST_NODE ?? process.execPath, args, {
    cwd: root,
    env: { ...cleanEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>(resolve => child.on('close', resolve)),
  ])
  return { exitCode, output: stripVTControlCharacters(stdout + stderr) }
}

interface Report {
  testResults: { assertionResults: Result[] }[]
}
interface Result {
  ancestorTitles: string[]
  title: string
  status: string
  failureMessages: string[]
}

const testsOf = (report: Report) => report.testResults.flatMap(file => file.assertionResults)
const nameOf = ({ ancestorTitles, title }: Result) => [...ancestorTitles, title].join(' > ')

/** Without what this run, or the machine, says about CI, keys and modes. */
function cleanEnvironment(): Record<string, string | undefined> {
  const told =
    /^(?:CI|CONTINUOUS_INTEGRATION|GITHUB_.*|BUILD_NUMBER|RUN_ID|VITEST.*|VITE_.*|NODE_TEST_.*|TEST|NODE_ENV|CASSETTE_MODE|.*(?:_KEY|_TOKEN))$/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !told.test(name)))
}
