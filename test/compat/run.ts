import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { generate } from 'selfsigned'

/**
 * Installs the packed package into fresh projects and runs the same behaviour in each, on every combination of versions
 * that is supported. Writes `docs/compat.md`.
 *
 *     npm run compat              all of it
 *     npm run compat -- corners   the oldest and the newest; writes nothing
 */
const repository = path.resolve(import.meta.dirname, '../..')
const corners = process.argv.includes('corners')
const run = promisify(execFile)

/** One fresh project. */
interface Install {
  layout: 'npm' | 'pnpm'
  vitest: string
  /** The version that vitest-cassette gets. */
  msw: string
  /** The version that the project has for itself. Default: the same. */
  userMsw?: string
  /** What is checked besides the behaviour project. */
  extras?: Extra[]
  /** Node versions to run on. */
  nodes: string[]
}
type Extra = 'projects' | 'happy-dom' | 'jsdom' | 'types'

const oldest = { vitest: '4.1.0', msw: '3.0.0' }
const newest = { vitest: '5', msw: '3' }
const nodes = ['22.12.0', '24', '26']

const all: Install[] = [
  { layout: 'npm', ...oldest, nodes, extras: ['projects', 'happy-dom', 'jsdom', 'types'] },
  { layout: 'npm', ...oldest, msw: '3', nodes },
  { layout: 'npm', ...newest, msw: '3.0.0', nodes },
  { layout: 'npm', ...newest, nodes, extras: ['projects', 'happy-dom', 'jsdom', 'types'] },
  { layout: 'npm', ...newest, userMsw: '2.15.0', nodes: ['24'] },
  { layout: 'npm', ...oldest, userMsw: '2.15.0', nodes: ['24'] },
  { layout: 'pnpm', ...newest, nodes: ['24'], extras: ['projects', 'types'] },
  { layout: 'pnpm', ...oldest, nodes: ['24'] },
]
const ends: Install[] = [
  { ...all[0]!, nodes: [nodes[0]!], extras: [] },
  { ...all[3]!, nodes: [nodes.at(-1)!], extras: ['projects', 'happy-dom', 'types'] },
]

interface Outcome {
  install: Install
  node: string
  what: string
  ok: boolean
  versions: string
  detail: string
}

const installedNodes = new Map<string, Promise<string>>()
let work = ''
const outcomes: Outcome[] = []

async function pack(): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', work], { cwd: repository })
  const listed = JSON.parse(stdout.slice(stdout.search(/^[[{]/m))) as Record<string, { filename: string }>
  return path.join(work, Object.values(listed)[0]!.filename)
}

async function check(install: Install, tarball: string): Promise<Outcome[]> {
  const project = await mkdtemp(path.join(work, 'project-'))
  await cp(path.join(import.meta.dirname, 'project'), project, { recursive: true })
  await cp(
    path.join(repository, 'fixtures/capital-question.json'),
    path.join(project, 'cassettes/capital-question.json'),
  )
  await writeProject(project, install, tarball)
  const versions = await installedVersions(project)
  const found: Outcome[] = []
  const note = async (node: string, what: string, work: Promise<string>) => {
    const detail = await work.catch((error: Error) => `failed: ${error.message}`)
    const ok = detail === ''
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${install.layout}, Node ${node}, ${versions}: ${what}`)
    found.push({ install, node, what, ok, versions: `Node ${node}, ${versions}`, detail })
  }
  for (const version of install.nodes) {
    const node = await nodeOf(version)
    const name = (await run(node, ['--version'])).stdout.trim().slice(1)
    await note(name, 'behaviour', behaviour(project, node))
    if (version !== install.nodes.at(-1)) continue
    for (const extra of install.extras ?? []) await note(name, extra, extras[extra](project, node))
  }
  return found
}

const extras: Record<Extra, (project: string, node: string) => Promise<string>> = {
  projects: (project, node) =>
    passes(project, node, ['behaviour.test.ts', '--config=vitest.projects.config.ts'], 'replayed'),
  'happy-dom': (project, node) => passes(project, node, ['dom.test.ts', '--environment=happy-dom']),
  jsdom: (project, node) => passes(project, node, ['dom.test.ts', '--environment=jsdom']),
  types: async project => {
    for (const [module, resolution] of [
      ['esnext', 'bundler'],
      ['nodenext', 'nodenext'],
    ]) {
      const tsc = path.join(repository, 'node_modules/typescript/bin/tsc')
      const flags = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        '--target',
        'es2023',
        '--module',
        module!,
        '--moduleResolution',
        resolution!,
      ]
      const done = await run(process.execPath, [tsc, ...flags, 'types.ts'], { cwd: project }).catch(failureOf)
      if (done.stdout.trim() !== '') return `${resolution}: ${done.stdout}`
    }
    return ''
  },
}

/** Record, replay, a first connection over TLS, and a miss that fails the test. */
async function behaviour(project: string, node: string): Promise<string> {
  await rm(path.join(project, 'cassettes/recorded.json'), { force: true })
  for (const expected of ['recorded', 'replayed']) {
    const found = await passes(project, node, ['behaviour.test.ts'], expected)
    if (found !== '') return found
  }
  for (const pool of ['forks', 'threads']) {
    const found = await passes(project, node, ['https.test.ts', `--pool=${pool}`])
    if (found !== '') return found
  }
  const { stdout, stderr, code } = await vitest(project, node, ['miss.test.ts'])
  const text = stdout + stderr
  return code === 1 && text.includes('messages[0].content') && text.includes('Something else?') ? '' : text
}

async function passes(project: string, node: string, args: string[], expected = 'replayed'): Promise<string> {
  const { stdout, stderr, code } = await vitest(project, node, args, { COMPAT_EXPECT: expected })
  return code === 0 && /Tests +\d+ passed/.test(stdout) ? '' : stdout + stderr
}

async function vitest(project: string, node: string, args: string[], more: Record<string, string> = {}) {
  const { CI: _ci, CASSETTE_MODE: _mode, ...environment } = process.env
  const env = { ...environment, ...httpsServer.environment, COMPAT_PORT: '45671', NO_COLOR: '1', ...more }
  const bin = path.join(project, 'node_modules/vitest/vitest.mjs')
  const done = await run(node, [bin, 'run', ...args], { cwd: project, env, timeout: 60_000 }).catch(failureOf)
  const code = 'code' in done ? done.code : 0
  return { code, stderr: done.stderr, stdout: stripVTControlCharacters(done.stdout) }
}

function failureOf(error: unknown): { stdout: string; stderr: string; code: number } {
  const { stdout = '', stderr = '', code = 1 } = error as { stdout?: string; stderr?: string; code?: number }
  return { stdout, stderr, code }
}

async function writeProject(project: string, install: Install, tarball: string): Promise<void> {
  const overrides = { 'vitest-cassette': { msw: install.msw } }
  const dom = install.extras?.includes('happy-dom') ? { 'happy-dom': '*', jsdom: '*' } : {}
  const manifest = {
    name: 'compat',
    private: true,
    type: 'module',
    dependencies: { openai: '^7' },
    devDependencies: {
      vitest: install.vitest,
      msw: install.userMsw ?? install.msw,
      'vitest-cassette': `file:${tarball}`,
      '@types/node': '*',
      ...dom,
    },
    ...(install.layout === 'npm'
      ? { overrides }
      : { pnpm: { overrides: { 'vitest-cassette>msw': install.msw } } }),
  }
  await writeFile(path.join(project, 'package.json'), JSON.stringify(manifest, null, 2))
  const config = (projects: string) => `
    import { cassettes } from 'vitest-cassette/plugin'
    import { defineConfig } from 'vitest/config'
    export default defineConfig({ plugins: [cassettes()]${projects} })
  `
  await writeFile(path.join(project, 'vitest.config.ts'), config(''))
  const inline = `, test: { projects: [{ extends: true, test: { name: 'one', include: ['behaviour.test.ts'] } }, { extends: true, test: { name: 'two', include: ['none.test.ts'] } }] }`
  await writeFile(path.join(project, 'vitest.projects.config.ts'), config(inline))
  // The newest Node, because npm and pnpm choose versions by the one they run on.
  const env = {
    ...process.env,
    PATH: `${path.dirname(await nodeOf('24'))}${path.delimiter}${process.env.PATH}`,
  }
  const [command, ...args] =
    install.layout === 'npm'
      ? ['npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts']
      : ['npm', 'exec', '--yes', '--package=pnpm@12', '--', 'pnpm', 'install', '--ignore-scripts']
  await run(command!, args, { cwd: project, env })
}

async function installedVersions(project: string): Promise<string> {
  const versionOf = async (...at: string[]) =>
    (
      JSON.parse(await readFile(path.join(project, 'node_modules', ...at, 'package.json'), 'utf8')) as {
        version: string
      }
    ).version
  const own = await versionOf('vitest-cassette/node_modules/msw').catch(() => versionOf('msw'))
  const users = await versionOf('msw')
  return `Vitest ${await versionOf('vitest')}, MSW ${own}${own === users ? '' : ` beside a user's ${users}`}`
}

/** A server that is no LLM, and what tells a project's tests where it is, and to trust it. */
async function startHttpsServer() {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  })
  const certificate = path.join(work, 'cert.pem')
  await writeFile(certificate, cert)
  const server = createServer({ key, cert }, (_request, response) => response.end('no LLM'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    environment: { COMPAT_HTTPS_URL: `https://localhost:${port}/`, NODE_EXTRA_CA_CERTS: certificate },
    stop: () => void server.close(),
  }
}

/** The binary of a Node version, from the registry. */
function nodeOf(version: string): Promise<string> {
  const known = installedNodes.get(version) ?? installNode(version)
  installedNodes.set(version, known)
  return known
}

async function installNode(version: string): Promise<string> {
  const folder = await mkdtemp(path.join(work, 'node-'))
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ allowScripts: { node: true } }))
  await run('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], { cwd: folder })
  return path.join(folder, 'node_modules/node/bin/node')
}

function page(): string {
  const rows = outcomes.map(
    ({ install, node, what, ok, versions }) =>
      `| ${node} | ${versions.replace(/^Node [^,]+, Vitest ([^,]+), MSW (.+)$/, '$1 | $2')} | ${install.layout} | ${what} | ${ok ? 'passed' : 'FAILED'} |`,
  )
  return `# Versions

Written by \`npm run compat\`, which installs the packed package into fresh projects and runs them. Not edited by hand.

_behaviour_: a client built at module level and \`node:https\` replay; concurrent tests; a user's own MSW server beside the
cassettes; a first run records and a second one replays without the provider; a miss fails the test; a test file whose first
connection is \`node:https\` to a server that is no LLM works, in forks and in threads. _projects_: a replay in inline
projects. _happy-dom_, _jsdom_: a replay through \`fetch\` in a simulated browser. _types_: a project compiles with
\`moduleResolution\` \`bundler\` and \`nodenext\`.

| Node | Vitest | MSW | installed by | what | outcome |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Browser mode is not supported: cassettes are files, and the interceptor sits at sockets.
`
}

work = await mkdtemp(path.join(tmpdir(), 'compat-'))
const httpsServer = await startHttpsServer()
try {
  const tarball = await pack()
  for (const install of corners ? ends : all) outcomes.push(...(await check(install, tarball)))
} finally {
  httpsServer.stop()
  await rm(work, { recursive: true, force: true })
}
const failed = outcomes.filter(({ ok }) => !ok)
for (const { what, versions, detail } of failed) console.error(`\n${what} on ${versions}\n${detail}`)
if (!corners) await writeFile(path.join(repository, 'docs/compat.md'), page())
console.log(`${outcomes.length - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length > 0 ? 1 : 0
