// Measures the package beside its peers, each figure in a process of its own, and writes docs/performance.md.
//
//     npm run bench                    all of it
//     npm run bench -- one-call        one part; writes nothing
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { eventsOf } from './talk.mjs'
import { median } from './measures/numbers.mjs'

const here = import.meta.dirname
const repository = path.resolve(here, '../..')
const rounds = Number(process.env.ROUNDS ?? 5)
const work = mkdtempSync(path.join(tmpdir(), 'bench-'))

function child(measure, tool, options) {
  const args = ['--expose-gc', path.join(here, 'child.mjs'), measure, tool, JSON.stringify(options)]
  const env = { ...process.env, NODE_ENV: 'production', CI: '', CASSETTE_MODE: '' }
  const stdio = ['ignore', 'pipe', 'ignore']
  const output = execFileSync(process.execPath, args, { env, encoding: 'utf8', stdio, timeout: 300_000 })
  return JSON.parse(output.slice(output.lastIndexOf('@@') + 2))
}

/** The folder with what a tool has recorded; recorded when it is first asked for. */
function recordingOf(tool, options) {
  const dir = path.join(work, `${tool}-${JSON.stringify(options).replace(/\W+/g, '-')}`)
  if (recorders.has(tool) && !existsSync(dir)) {
    mkdirSync(dir)
    child('record', tool, { dir, ...options })
  }
  return dir
}
const recorders = new Set(['cassette', 'polly', 'vcr-test'])

/** The median of each figure over the rounds, in which the tools take turns; a tool that fails has none. */
function compare(tools, run) {
  const found = new Map(tools.map(tool => [tool, []]))
  for (let round = 0; round < rounds; round++)
    for (const tool of round % 2 === 0 ? tools : tools.toReversed())
      try {
        found.get(tool).push(run(tool))
      } catch (error) {
        console.error(`${tool} failed: ${String(error.message).split('\n')[0]}`)
      }
  const medianOf = results =>
    Object.fromEntries(
      Object.keys(results[0] ?? {}).map(name => [name, median(results.map(result => result[name]))]),
    )
  return new Map([...found].map(([tool, results]) => [tool, medianOf(results)]))
}

const nameOf = async tool => (await import(`./tools/${tool}.mjs`)).default.name
const times = (value, limit) => (value === undefined ? 'fails' : (value / limit).toFixed(2))
const ms = value => (value === undefined ? 'fails' : value.toFixed(value < 10 ? 2 : 0))

const parts = {
  async 'one-call'() {
    const tools = ['limit', 'handler', 'cassette', 'vcr-test', 'polly', 'msw', 'nock']
    const calls = 300
    const found = compare(tools, tool => {
      const once = tool === 'vcr-test'
      const dir = recordingOf(tool, once ? { copies: calls * 2 + 200 } : {})
      return child('one-call', tool, { dir, calls })
    })
    const limit = found.get('limit')
    const rows = await Promise.all(
      tools.map(async tool => {
        const { ms: one, perSecond } = found.get(tool)
        return `| ${await nameOf(tool)} | ${ms(one)} | ${times(one, limit.ms)} | ${times(perSecond, limit.perSecond)} |`
      }),
    )
    return `## One call, and 50 at a time

The 22 events of the seed through \`openai\`, again and again in one process. To reach: one call at most 1.25 times the limit,
50 at a time at least 0.8 times its throughput. That an MSW handler is asked at all, which copies the request, is the second row.

| | one call, ms | times the limit | 50 at a time, times the limit's throughput |
| --- | --- | --- | --- |
${rows.join('\n')}`
  },
  async chunks() {
    const rows = []
    for (const sdk of ['openai', 'openai6']) {
      const tools = ['limit-chunks', 'cassette']
      const found = compare(tools, tool =>
        child('one-call', tool, {
          dir: recordingOf(tool, { chunks: 5000 }),
          chunks: 5000,
          calls: 10,
          atOnce: 1,
          sdk,
        }),
      )
      const limit = found.get('limit-chunks').ms
      rows.push(
        `| ${sdk} | ${ms(limit)} | ${ms(found.get('cassette').ms)} | ${times(found.get('cassette').ms, limit)} |`,
      )
    }
    return `## A stream of 5,000 events

Against a \`fetch\` that hands out one event a chunk. To reach: 1.15 times the limit.

| SDK | limit, ms | vitest-cassette, ms | times the limit |
| --- | --- | --- | --- |
${rows.join('\n')}`
  },
  async prompts() {
    const rows = []
    for (const [name, size, bar] of [
      ['100 KB', 100_000, 0.6],
      ['1 MB', 1_000_000, 3],
    ]) {
      const found = compare(['limit', 'cassette'], tool =>
        child('many', tool, { dir: recordingOf(tool, { calls: 40, size }), calls: 40, asked: 35, size }),
      )
      const over = found.get('cassette').ms - found.get('limit').ms
      rows.push(
        `| ${name} | ${ms(found.get('limit').ms)} | ${ms(found.get('cassette').ms)} | ${ms(over)} | ${bar} |`,
      )
    }
    return `## Long prompts

Each call asks another question of that length. What stands in the way: the body is parsed and printed again to see whether a
value can hold it exactly, searched for secrets, and compared with the recorded one, each of which goes over all of it.

| prompt | limit, ms | vitest-cassette, ms | over the limit, ms | to reach, ms |
| --- | --- | --- | --- | --- |
${rows.join('\n')}`
  },
  async many() {
    const calls = 10_000
    const dir = recordingOf('cassette', { calls, size: 1000 })
    const one = recordingOf('cassette', {})
    const parse = compare(['limit'], () => child('parse', 'limit', { dir })).get('limit')
    const large = compare(['cassette'], tool =>
      child('many', tool, { dir, calls, size: 1000, warm: one }),
    ).get('cassette')
    const small = compare(['cassette'], tool => child('many', tool, { dir: one, calls: 1, warm: one })).get(
      'cassette',
    )
    return `## 10,000 recordings in one cassette

A file of ${parse.fileMegabytes.toFixed(0)} MB. \`JSON.parse\` of it takes ${ms(parse.parse)} ms, with the reading ${ms(parse.ms)} ms.

| | measured | to reach |
| --- | --- | --- |
| load and first match | ${ms(large.firstMs)} ms, ${times(large.firstMs, parse.ms)} times read and parse | 1.3 times |
| a match | ${ms(large.ms)} ms; in a cassette of one ${ms(small.ms)} ms | 0.1 ms more |
| a miss, explained | ${ms(large.missMs)} ms | 50 ms |
| memory | ${large.megabytes.toFixed(0)} MB, ${times(large.megabytes, parse.fileMegabytes)} times the file | 2.5 times |`
  },
  async disk() {
    const dir = recordingOf('cassette', {})
    const bytes = readdirSync(dir).reduce((sum, name) => sum + statSync(path.join(dir, name)).size, 0)
    const raw = Buffer.byteLength(eventsOf(0).join(''))
    return `## On disk

The seed's stream is ${raw} bytes as it comes over the wire, and ${bytes} bytes as a cassette, its request included:
${(bytes / raw).toFixed(2)} times. To reach: 1.15 times.`
  },
}

const wanted = new Set(process.argv.slice(2))
const sections = []
try {
  for (const [name, part] of Object.entries(parts)) {
    if (wanted.size > 0 && !wanted.has(name)) continue
    sections.push(await part())
    console.log(`\n${sections.at(-1)}`)
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
if (wanted.size === 0)
  writeFileSync(
    path.join(repository, 'docs/performance.md'),
    `# Performance

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, ${cpus().length} cores. Medians of ${rounds}
processes that take turns; differences under 20 % are noise. The limit is a \`fetch\` written by hand that has the answer
already. "To reach" is what the project has set itself; where a figure is above it, it is not reached.

${sections.join('\n\n')}
`,
  )
