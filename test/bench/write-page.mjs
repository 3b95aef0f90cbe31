import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { kindNames } from './cpu-profile.mjs'
import { work } from './process.mjs'

const file = path.join(work, 'results.json')
const page = path.resolve(import.meta.dirname, '../../docs/performance.md')

export function readResults() {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}

export function saveResults(name, results) {
  mkdirSync(work, { recursive: true })
  writeFileSync(file, JSON.stringify({ ...readResults(), [name]: results }, null, 2))
}

const number = (value, digits) =>
  Number.isFinite(value) ? value.toLocaleString('en', { maximumFractionDigits: digits }) : '-'
const times = value => (Number.isFinite(value) ? `${value.toFixed(2)}x` : '-')
const ms = value => (Number.isFinite(value) ? `${number(value, value < 10 ? 2 : 0)} ms` : '-')

function table(head, rows) {
  const line = cells => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Each bar: what, how much at most (or at least), what was measured. */
function bars(found) {
  const one = found['one-call']
  const { sockets, many, folder, vitest } = found
  const long = found['long-stream']
  const big = found['big-prompt']
  const first = found['first-byte']
  const reached = factor => (factor <= 1 ? 'yes' : '**no**')
  const below = (value, bar, print) => [`at most ${print(bar)}`, print(value), reached(value / bar)]
  const above = (value, bar, print) => [`at least ${print(bar)}`, print(value), reached(bar / value)]
  const megabytes = value => `${number(value, 1)} MB`
  return [
    [
      'One call through the global `fetch`, against a hand-stubbed one',
      ...below(one.cassette.timesLimit, 1.25, times),
    ],
    ['50 calls at a time, throughput against the same', ...above(one.cassette.atOnceTimesLimit, 0.8, times)],
    [
      'A captured `fetch`, against MSW 3 with one handler that streams',
      ...below(sockets.cassette.fetchTimesMsw, 1.1, times),
    ],
    ['`node:https`, against the same', ...below(sockets.cassette.httpsTimesMsw, 1.1, times)],
    [
      '5,000 chunks, against a stub that gives chunk by chunk',
      ...below(long.cassette.timesLimit, 1.15, times),
    ],
    ['The same with openai 6', ...below(long['cassette, openai 6'].timesLimit, 1.15, times)],
    ['A prompt of 1 MB, over the stub', ...below(big['cassette, 1 MB'].overLimit, 3, ms)],
    ['The same, another prompt each time', ...below(big['new, cassette, 1 MB'].overLimit, 3, ms)],
    ['A prompt of 100 KB, over the stub', ...below(big['cassette, 100 KB'].overLimit, 0.6, ms)],
    ['The same, another prompt each time', ...below(big['new, cassette, 100 KB'].overLimit, 0.6, ms)],
    [
      '10,000 recordings: load and first match, against reading and parsing the file',
      ...below(many.cassette.timesParse, 1.3, times),
    ],
    [
      'A match among them, over one in a cassette of one',
      ...below(many['a match, over one in a cassette of one'].overOne, 0.1, ms),
    ],
    ['A miss among them, explained', ...below(many.cassette.missMs, 50, ms)],
    ['Their memory, against the size of the file', ...below(many.cassette.timesFile, 2.5, times)],
    [
      'A call in a folder of 10,000 recordings, over one in a folder of none',
      ...below(folder['10,000 others'].ms - folder['no other recording'].ms, 0.1, ms),
    ],
    [
      'First byte of the first call that is recorded, over a call without a recorder',
      ...below(first.cassette.firstOver, 5, ms),
    ],
    ['The same, later calls', ...below(first.cassette.laterOver, 5, ms)],
    ['Import of what a script needs', ...below(found.import.cassette.ms - found.import.bare.ms, 60, ms)],
    [
      'Added to a Vitest run of one test, by `withCassette` in the test',
      ...below(vitest['a run of one test, `withCassette`'].added, 50, ms),
    ],
    ['The same, by the plugin and `useCassette`', ...below(vitest['a run of one test'].added, 50, ms)],
    ['Added to a test file without LLM calls', ...below(vitest['a file without LLM calls'].added, 15, ms)],
    ['Heap after 10,000 replays', ...below(found.heap.cassette.megabytes, 5, megabytes)],
    ['The seed on disk, against its bytes on the wire', ...below(found.disk.cassette.timesWire, 1.15, times)],
  ]
}

function sideBySide(found) {
  const one = found['one-call']
  const long = found['long-stream']
  const big = found['big-prompt']
  const { many, disk } = found
  const first = found['first-byte']
  const tools = ['cassette', 'vcr-test', 'polly', 'aimock', 'nock', 'msw']
  const row = (what, limit, cell) => [what, limit, ...tools.map(cell)]
  const delivered = tool =>
    long[tool]?.delivered === 5_000 ? '' : `, ${number(long[tool]?.delivered, 0)} chunks`
  const bare = found.import.bare.ms
  return table(
    ['', 'limit', 'vitest-cassette', 'vcr-test', 'Polly', 'aimock', 'nock 15', 'MSW 3, one static handler'],
    [
      row('one call', ms(one.limit.ms), tool => times(one[tool].timesLimit)),
      row('50 at a time, throughput', '1.00x', tool => times(one[tool].atOnceTimesLimit)),
      row(
        '5,000 chunks',
        ms(long['limit-chunks'].ms),
        tool => times(long[tool].timesLimit) + delivered(tool),
      ),
      row('100 KB prompt, over the limit', ms(big['limit, 100 KB'].ms), tool =>
        ms(big[`${tool}, 100 KB`].overLimit),
      ),
      row('1 MB prompt, over the limit', ms(big['limit, 1 MB'].ms), tool =>
        ms(big[`${tool}, 1 MB`].overLimit),
      ),
      row('10,000 recordings: load and first match', ms(many['JSON.parse'].firstMs), tool =>
        ms(many[tool]?.firstMs),
      ),
      row('the same: a match', ms(one.limit.ms), tool => ms(many[tool]?.ms)),
      row('the same: a miss', '', tool => ms(many[tool]?.missMs)),
      row('the same: memory', `${number(many['JSON.parse'].megabytes, 0)} MB`, tool =>
        many[tool] ? `${number(many[tool].megabytes, 0)} MB` : '-',
      ),
      row('first byte while recording', ms(first.none.firstMs), tool => ms(first[tool]?.firstMs)),
      row('the same, later calls', ms(first.none.laterMs), tool => ms(first[tool]?.laterMs)),
      row('import', '', tool => ms(found.import[tool].ms - bare)),
      row('added to a Vitest run of one test', '0 ms', tool =>
        ms(found.vitest[tool === 'cassette' ? 'a run of one test' : tool].added),
      ),
      row('the seed on disk', '1.00x', tool => times(disk[tool]?.timesWire)),
    ],
  )
}

const notes = found => {
  const one = found['one-call']
  const first = found['first-byte']
  return `## What stands in the way

- **One call.** A \`fetch\` of five lines that only asks an MSW handler (\`getResponse()\`) and streams its answer takes
  ${times(one['limit-msw'].timesLimit)} the limit, and ${times(one['limit-msw'].atOnceTimesLimit)} of its throughput at 50 at a time: MSW copies each request with its body and
  its signal. Here both stay beside the request. The events come one by one; a stub that does so takes
  ${times(one['limit-chunks'].timesLimit)}.
- **Prompts.** A request is told by its text, where a recording has the very same. A cassette keeps 16 million characters of such
  texts. Of longer prompts the recorded body is printed to be compared, which takes 4 ms a megabyte (V8's \`JSON.stringify\`).
- **A match among many.** Each recording is played for the first time, so its events are made then. The cassette of one
  has kept them.
- **A captured \`fetch\`.** Its events come one by one here; those of MSW's handler are read as one chunk. With a handler
  that sends each in a turn of its own MSW takes ${times(found.sockets['msw-turns'].fetchTimesMsw)} of what it takes without. It observes each response, so that the end
  comes too late for a client that leaves at \`[DONE]\`: \`openai\` builds two connections a call there, here it keeps one.
- **First byte.** Calls to providers have connections of their own, without MSW's interceptor, and the request leaves before
  it is read for the cassette. What the first one takes longer is code that runs for the first time, and that V8 compiles
  then; later calls: ${ms(first.cassette.laterOver)}. The goal is from a run in which a call without a recorder took 11 ms and
  vcr-test added 4; here the one took ${ms(first.none.firstMs)}, and vcr-test added ${ms(first['vcr-test'].firstOver)}.
- **Vitest.** ${ms(found.vitest['a run of one test, without LLM calls'].added)} are added to a run of one test that makes no call: the plugin with its summary, and the setup file.
  To each file without LLM calls ${ms(found.vitest['a file without LLM calls'].added)} are added, and by an empty setup file ${ms(found.vitest['a file without LLM calls, an empty setup file'].added)}: runs of a second
  vary by more than what these goals are about. The profile below says what they consist of.
- **Sockets.** A file of tests that opens a connection, whatever for, pays for MSW's interceptor once, some 50 ms: it must
  be there before a connection is, or a call over a kept one would reach the provider in silence.

Of the goals in ms, by kind of code, what V8's profiler says is added (medians of nine runs each; the profiler itself
makes all of it slower):

${profileTable(found.profile)}
`
}

function profileTable(profile) {
  const columns = Object.keys(profile)
  const titles = {
    'main process': 'a Vitest run, its main process',
    'worker, no call': 'its worker, a test without calls',
    'worker, one call': 'its worker, a test with one call',
    'first byte': 'first byte of the first recorded call',
  }
  const sum = name => Object.values(profile[name]).reduce((total, value) => total + value, 0)
  const rows = kindNames.map(kind => [kind, ...columns.map(name => signed(profile[name][kind]))])
  return table(
    ['', ...columns.map(name => titles[name])],
    [...rows, ['together', ...columns.map(name => signed(sum(name)))]],
  )
}

/** Without a sign where nothing is left of it. */
const signed = value => `${(Math.round(value * 10) / 10 || 0).toFixed(1)} ms`

export function writePage() {
  const found = readResults()
  const day = new Date().toISOString().slice(0, 10)
  const machine = `${availableParallelism()} cores, Node ${process.version}, ${process.platform} ${process.arch}`
  writeFileSync(
    page,
    `# Performance

Generated by \`npm run bench\` on ${day}, on a machine with ${machine}, which had other things to do, so that its
speed changes within seconds. Medians over processes. Where a goal names a limit, it and the tool take turns within one
process. What takes a process each (sockets, first byte, Vitest) is compared with its neighbour, and differences under
20 % are noise there.

The call is one of \`openai\` 7 that streams the 22 chunks of \`fixtures/capital-question.json\`. The limit is a \`fetch\` written by
hand whose answer is there already. Calls of vitest-cassette go through \`withCassette\` of \`vitest-cassette/node\`.

## Goals

${table(['', 'goal', 'measured', 'reached'], bars(found))}

## Side by side

${sideBySide(found)}

aimock makes up its own chunks and ids. MSW's handler always gives the same answer. vcr-test uses each recording once.

${notes(found)}
## How it is measured

\`test/bench/\` installs the other tools itself, records with each tool's own recorder, and runs each measurement in a fresh
process. \`npm run bench -- one-call\` runs a part, and replaces its figures here. No test asserts a time.
`,
  )
  console.log(`Written: ${path.relative(process.cwd(), page)}`)
}
