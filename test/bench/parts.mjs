// What is measured. Each part gives one row a tool, with medians over processes; ratios are taken within a round.
import { cpSync, mkdirSync, rmSync, statSync, writeFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { kindNames, medianTimes } from './cpu-profile.mjs'
import { addRounds, interleaved, measure, node, recorded, work } from './process.mjs'
import { median } from './measures/numbers.mjs'
import { eventsOf } from './talk.mjs'

const recorders = ['cassette', 'vcr-test', 'polly', 'aimock', 'nock']
const repository = path.resolve(import.meta.dirname, '../..')

/** Median of a field over the rounds; `per` of its ratio to that field of another job in the same round. */
function mid(rounds, field, per, also = field) {
  const values = rounds
    .map((round, index) => (per ? round?.[field] / per[index]?.[also] : round?.[field]))
    .filter(value => Number.isFinite(value))
  return values.length === 0 ? undefined : median(values)
}

/** The median of what one took longer than the other in the same round. */
const difference = (rounds, other, field = 'ms') =>
  median(
    rounds
      .map((round, index) => round?.[field] - other[index]?.[field])
      .filter(value => Number.isFinite(value)),
  )

/** The medians of some fields of each tool. */
const medians = (found, fields) =>
  Object.fromEntries(
    Object.entries(found).map(([name, rounds]) => [
      name,
      Object.fromEntries(fields.map(field => [field, mid(rounds, field)])),
    ]),
  )

async function jobsFor(tools, name, measured, recordOptions, options) {
  const jobs = {}
  for (const tool of tools) {
    const dir = recorders.includes(tool) ? await recorded(tool, name, recordOptions) : ''
    jobs[tool] = () => measure(measured, tool, { dir, ...options })
  }
  return jobs
}

export const parts = {
  async 'one-call'() {
    const tools = ['limit', 'limit-chunks', 'limit-msw', ...recorders, 'msw', 'msw-chunks']
    const jobs = await jobsFor(tools, 'one', 'one-call', { copies: 2_400 })
    const found = await interleaved(jobs, 5)
    await addRounds(found, jobs, 8, ['cassette'])
    return medians(found, ['ms', 'timesLimit', 'atOnceTimesLimit'])
  },

  async sockets() {
    const tools = ['cassette', 'msw', 'msw-chunks', 'msw-turns']
    const found = await interleaved(await jobsFor(tools, 'one', 'socket-call', {}, {}), 9)
    return Object.fromEntries(
      tools.map(tool => [
        tool,
        {
          fetchMs: mid(found[tool], 'fetchMs'),
          httpsMs: mid(found[tool], 'httpsMs'),
          fetchTimesMsw: mid(found[tool], 'fetchMs', found['msw-chunks']),
          httpsTimesMsw: mid(found[tool], 'httpsMs', found['msw-chunks']),
          fetchTimesMswTurns: mid(found[tool], 'fetchMs', found['msw-turns']),
        },
      ]),
    )
  },

  async 'long-stream'() {
    const chunks = 5_000
    const tools = ['limit-chunks', 'limit', ...recorders, 'msw', 'msw-chunks']
    const jobs = await jobsFor(tools, 'long', 'long-stream', { chunks, copies: 12 }, { chunks })
    const dir = await recorded('cassette', 'long', { chunks })
    for (const tool of ['limit-chunks', 'limit', 'cassette'])
      jobs[`${tool}, openai 6`] = () => measure('long-stream', tool, { dir, chunks, sdk: 'openai6' })
    return medians(await interleaved(jobs, 5), ['ms', 'timesLimit', 'delivered'])
  },

  async 'big-prompt'() {
    const rows = {}
    for (const [name, size, calls, others] of [
      ['100 KB', 102_400, 60, 40],
      ['1 MB', 1_048_576, 24, 12],
    ]) {
      const tools = ['limit', ...recorders, 'msw']
      const recording = { calls: 4, copies: calls / 4 + 2, size }
      const jobs = await jobsFor(tools, name, 'big-prompt', recording, { size, calls })
      const dir = await recorded('cassette', `new ${name}`, { calls: others, size })
      const warm = await recorded('cassette', 'one', {})
      const fresh = { dir, warm, size, prompts: others, warmUp: 2, calls: others - 2 }
      jobs['new, cassette'] = () => measure('big-prompt', 'cassette', fresh)
      const found = medians(await interleaved(jobs, 5), ['ms', 'overLimit'])
      for (const tool of Object.keys(jobs)) rows[`${tool}, ${name}`] = found[tool]
    }
    return rows
  },

  async many() {
    const calls = 10_000
    const one = await recorded('cassette', 'one', {})
    const jobs = await jobsFor(recorders, 'many', 'many', { calls }, { calls })
    const dir = await recorded('cassette', 'many', { calls })
    jobs.cassette = () => measure('many', 'cassette', { dir, calls, warm: one })
    const match = 'a match, over one in a cassette of one'
    jobs[match] = () => measure('match', 'cassette', { dir, calls, one })
    jobs['JSON.parse'] = () => measure('parse', 'limit', { dir })
    const found = await interleaved(jobs, 3)
    await addRounds(found, jobs, 6, ['cassette', match, 'JSON.parse'])
    await addRounds(found, jobs, 12, [match])
    return Object.fromEntries(
      Object.keys(jobs).map(name => [
        name,
        {
          firstMs: mid(found[name], name === 'JSON.parse' ? 'ms' : 'firstMs'),
          timesParse: mid(found[name], name === 'JSON.parse' ? 'ms' : 'firstMs', found['JSON.parse'], 'ms'),
          ms: name === 'JSON.parse' ? undefined : mid(found[name], 'ms'),
          overOne: mid(found[name], 'overOne'),
          missMs: mid(found[name], 'missMs'),
          megabytes: mid(found[name], 'megabytes'),
          timesFile: mid(found[name], 'megabytes', found['JSON.parse'], 'fileMegabytes'),
        },
      ]),
    )
  },

  async folder() {
    const dir = path.join(work, 'folder')
    const jobs = {
      'no other recording': () => measure('folder', 'none', { dir, files: 0 }),
      '10,000 others': () => measure('folder', 'none', { dir, files: 10_000 }),
    }
    const found = await interleaved(jobs, 3)
    return Object.fromEntries(
      Object.entries(found).map(([name, rounds]) => [
        name,
        {
          ms: mid(rounds, 'ms'),
          replayTestMs: mid(rounds, 'replayTestMs'),
          recordTestMs: mid(rounds, 'recordTestMs'),
        },
      ]),
    )
  },

  async 'first-byte'() {
    const dir = tool => path.join(work, 'first-byte', tool)
    const tools = ['none', ...recorders]
    const jobs = Object.fromEntries(
      tools.map(tool => [tool, () => measure('first-byte', tool, { dir: dir(tool) })]),
    )
    const found = await interleaved(jobs, 3)
    await addRounds(found, jobs, 12, ['none', 'cassette'])
    return Object.fromEntries(
      tools.map(tool => [
        tool,
        {
          firstMs: mid(found[tool], 'firstMs'),
          laterMs: mid(found[tool], 'laterMs'),
          firstOver: difference(found[tool], found.none, 'firstMs'),
          laterOver: difference(found[tool], found.none, 'laterMs'),
        },
      ]),
    )
  },

  async import() {
    const modules = {
      bare: [],
      cassette: ['vitest-cassette/node'],
      'vcr-test': ['vcr-test'],
      polly: ['@pollyjs/core', '@pollyjs/adapter-fetch', '@pollyjs/persister-fs'],
      aimock: ['@copilotkit/aimock'],
      nock: ['nock'],
      msw: ['msw', 'msw/node'],
      openai: ['openai'],
    }
    const time = async names => {
      const loads = `await Promise.all(${JSON.stringify(names)}.map(name => import(name)))`
      const script = `const start = performance.now(); ${loads}; console.log(performance.now() - start)`
      return { ms: Number((await node(['--input-type=module', '-e', script])).output) }
    }
    const jobs = Object.fromEntries(Object.entries(modules).map(([name, names]) => [name, () => time(names)]))
    const found = await interleaved(jobs, 11)
    return Object.fromEntries(Object.keys(jobs).map(name => [name, { ms: mid(found[name], 'ms') }]))
  },

  async vitest() {
    const project = await vitestProject()
    const run = (config, test, more) => () => runVitest(project, config, test, more)
    // One file after the other, twenty of them: what is paid once a run does not count.
    const each = (name, config) => async () => {
      const many = run(config, name, { count: 20, flags: ['--no-file-parallelism'] })
      return { ms: (await many()).ms / 20 }
    }
    const jobs = {
      'a file without LLM calls, without the plugin': each('none-', 'without.config.mjs'),
      'a file without LLM calls, an empty setup file': each('none-', 'setup.config.mjs'),
      'a file without LLM calls': each('none-', 'with.config.mjs'),
      'a run of one test, without LLM calls, without the plugin': run('without.config.mjs', 'none-1-'),
      'a run of one test, without LLM calls': run('with.config.mjs', 'none-1-'),
      'a run of one test, stubbed `fetch`': run('without.config.mjs', 'asks-stub'),
      'a run of one test': run('with.config.mjs', 'asks-cassette'),
      'a run of one test, `withCassette`': run('without.config.mjs', 'peer-cassette'),
    }
    for (const tool of peers) jobs[tool] = run('without.config.mjs', `peer-${tool}.test`)
    const found = await interleaved(jobs, 11)
    const [fileWithout, empty, file, noneWithout, none, stub, one, inTest] = Object.keys(jobs)
    await addRounds(found, jobs, 30, [noneWithout, none, stub, one, inTest])
    const row = (name, other) => [
      name,
      { ms: mid(found[name], 'ms'), added: other && difference(found[name], found[other]) },
    ]
    return Object.fromEntries([
      row(fileWithout),
      row(empty, fileWithout),
      row(file, fileWithout),
      row(noneWithout),
      row(none, noneWithout),
      row(stub),
      row(one, stub),
      row(inTest, stub),
      ...peers.map(tool => row(tool, stub)),
    ])
  },

  /** What is added by kind of code, where a goal is in ms and whole processes are compared. */
  async profile() {
    const project = await vitestProject()
    const added = async (name, before, after) => {
      const folders = ['without', 'with'].map(which => path.join(work, 'profiles', name, which))
      for (const folder of folders) {
        rmSync(folder, { recursive: true, force: true })
        mkdirSync(folder, { recursive: true })
      }
      await interleaved({ before: () => before(folders[0]), after: () => after(folders[1]) }, 9)
      const [without, withIt] = folders.map(medianTimes)
      return [name, Object.fromEntries(kindNames.map(kind => [kind, withIt[kind] - without[kind]]))]
    }
    const main = config => folder =>
      runVitest(project, config, 'none-1-', {
        nodeFlags: ['--cpu-prof', '--cpu-prof-interval=200', `--cpu-prof-dir=${folder}`],
      })
    const profiler = path.join(import.meta.dirname, 'cpu-profile.mjs')
    const worker = (config, test) => folder =>
      runVitest(project, config, test, {
        flags: [`--execArgv=--import=${profiler}`],
        environment: { BENCH_PROFILES: folder },
      })
    const first = tool => profile =>
      measure('first-byte', tool, { dir: path.join(work, 'first-byte', tool), profile })
    return Object.fromEntries([
      await added('main process', main('without.config.mjs'), main('with.config.mjs')),
      await added(
        'worker, no call',
        worker('without.config.mjs', 'profiled-empty'),
        worker('with.config.mjs', 'profiled-empty'),
      ),
      await added(
        'worker, one call',
        worker('without.config.mjs', 'profiled-fetch'),
        worker('with.config.mjs', 'profiled-replay'),
      ),
      await added('first byte', first('none'), first('cassette')),
    ])
  },

  async heap() {
    const dir = await recorded('cassette', 'one', {})
    const found = await interleaved({ cassette: () => measure('heap', 'cassette', { dir }) }, 3)
    return { cassette: { megabytes: mid(found.cassette, 'megabytes') } }
  },

  async disk() {
    const wire = Buffer.byteLength(eventsOf(0).join(''))
    const rows = {}
    for (const tool of recorders) {
      const dir = path.join(work, 'disk', tool)
      rmSync(dir, { recursive: true, force: true })
      await measure('record', tool, { dir })
      const bytes = sizeOf(dir)
      rows[tool] = { bytes, timesWire: bytes / wire }
    }
    return rows
  },
}

function sizeOf(dir) {
  const files = readdirSync(dir, { recursive: true }).map(name => statSync(path.join(dir, name)))
  return files.filter(file => file.isFile()).reduce((sum, { size }) => sum + size, 0)
}

const vitest = path.join(repository, 'node_modules/vitest/vitest.mjs')
const peers = ['vcr-test', 'polly', 'aimock', 'nock', 'msw']

async function runVitest(
  project,
  config,
  test,
  { count = 1, nodeFlags = [], flags = [], environment = {} } = {},
) {
  const options = ['--root', project, '--config', path.join(project, config), ...flags]
  const { ms, output, errors } = await node([...nodeFlags, vitest, 'run', ...options, test], {
    cwd: project,
    environment: { CI: '1', ...environment },
  })
  if (!output.includes(`Tests  ${count} passed`)) throw new Error(`${test} failed: ${output}${errors}`)
  return { ms }
}

async function vitestProject() {
  const project = path.join(work, 'vitest')
  rmSync(project, { recursive: true, force: true })
  mkdirSync(project, { recursive: true })
  cpSync(await recorded('cassette', 'one', {}), path.join(project, 'cassettes'), { recursive: true })
  const test = (imports, setup, options, after = '') => `
    import { expect, test } from 'vitest'
    ${imports}
    import { ask, clientOf, eventsOf, headers } from '../../talk.mjs'
    test('asks', async () => {
      ${setup}
      expect(await ask(await clientOf(${options}))).toBe(22)
      ${after}
    })
  `
  const stub = `{ fetch: async () => new Response(eventsOf(0).join(''), { headers }) }`
  const cassette = [`import { useCassette } from 'vitest-cassette'`, `useCassette('talk')`]
  const settings = `test: { include: ['*.test.mjs'], watch: false }`
  const files = {
    'package.json': '{ "type": "module" }',
    ...Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        `none-${index + 1}-.test.mjs`,
        `import { expect, test } from 'vitest'\ntest('adds', () => expect(1 + 1).toBe(2))\n`,
      ]),
    ),
    'asks-stub.test.mjs': test('', '', stub),
    'asks-cassette.test.mjs': test(...cassette, ''),
    'profiled-empty.test.mjs': `import { test } from 'vitest'\ntest('ends', () => endProfile())\n`,
    'profiled-fetch.test.mjs': test('', '', stub, 'endProfile()'),
    'profiled-replay.test.mjs': test(...cassette, '', 'endProfile()'),
    'without.config.mjs': `export default { ${settings} }\n`,
    'setup.mjs': `import 'vitest'`,
    'setup.config.mjs': `export default { test: { include: ['*.test.mjs'], watch: false, setupFiles: ['./setup.mjs'] } }\n`,
    'with.config.mjs': `import { cassettes } from 'vitest-cassette/plugin'\nexport default { plugins: [cassettes()], ${settings} }\n`,
  }
  for (const tool of ['cassette', ...peers]) {
    const dir = recorders.includes(tool) ? await recorded(tool, 'one call', {}) : ''
    files[`peer-${tool}.test.mjs`] = `
      import { test } from 'vitest'
      import tool from '../../tools/${tool}.mjs'
      import { ask, clientOf } from '../../talk.mjs'
      test('asks', () =>
        tool.replay(${JSON.stringify(dir)}, { repeat: true }, async options => {
          await ask(await clientOf(options), 0, { check: false })
        }))
    `
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(project, name), content)
  return project
}
