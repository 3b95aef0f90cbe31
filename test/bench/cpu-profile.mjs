// Where time goes, told by V8's sampling profiler. As a module for `--import` it profiles a worker of Vitest, which ends
// before it could write a profile itself: a test that calls `endProfile()` writes it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import path from 'node:path'
import { median } from './measures/numbers.mjs'

const interval = 100

/** @returns ends the profile and gives it */
export function startProfile() {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.setSamplingInterval', { interval })
  session.post('Profiler.start')
  return () => {
    let ended
    session.post('Profiler.stop', (_, { profile }) => (ended = profile))
    return ended
  }
}

if (process.env.BENCH_PROFILES) {
  const end = startProfile()
  globalThis.endProfile = () =>
    writeFileSync(path.join(process.env.BENCH_PROFILES, `${process.pid}.cpuprofile`), JSON.stringify(end()))
}

/** What a stack is counted for: the first of its frames, from the innermost, that is of one of these. */
const kinds = {
  'vitest-cassette': /\/vitest-cassette\/dist\//,
  MSW: /\/node_modules\/(?:msw|@mswjs|rettime|debug|outvariant|supports-color|has-flag|ms)\//,
  'the SDK': /\/node_modules\/openai\//,
  'loading modules': /^node:internal\/(?:modules|bootstrap|source_map)\//,
  "Node's `fetch`, streams and sockets":
    /^node:(?:internal\/(?:deps\/undici|webstreams|streams)|net|_http|stream)/,
  'Vitest and Vite': /\/node_modules\/(?:vitest|@vitest|vite|rolldown|tinyrainbow|tinypool|picomatch)\//,
}
const others = { '(idle)': 'waiting', '(garbage collector)': 'collecting garbage' }
const rest = 'all else'
export const kindNames = [...Object.keys(kinds), ...Object.values(others), rest]

/** Milliseconds by kind of code. */
function timesByKind({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map(node => [node.id, node]))
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map(child => [child, id])))
  const kindOfNode = new Map()
  const kindOf = id => {
    if (id === undefined) return rest
    if (!kindOfNode.has(id)) {
      const { functionName, url } = byId.get(id).callFrame
      const own = others[functionName] ?? Object.keys(kinds).find(kind => kinds[kind].test(url))
      kindOfNode.set(id, own ?? kindOf(parents.get(id)))
    }
    return kindOfNode.get(id)
  }
  const times = Object.fromEntries(kindNames.map(kind => [kind, 0]))
  for (const [index, id] of samples.entries()) times[kindOf(id)] += timeDeltas[index] / 1000
  return times
}

/** The medians over the profiles of a folder. */
export function medianTimes(folder) {
  const all = readdirSync(folder).map(name =>
    timesByKind(JSON.parse(readFileSync(path.join(folder, name), 'utf8'))),
  )
  return Object.fromEntries(kindNames.map(kind => [kind, median(all.map(times => times[kind]))]))
}
