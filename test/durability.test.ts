import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { withCassette } from 'vitest-cassette/node'
import { parseCassette } from '../src/formats/parse.ts'
import { completeWith, sleep, startProvider } from './support/provider.ts'

let dir: string
let file: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
  file = path.join(dir, 'talk.json')
})

const recordings = async () => parseCassette(await readFile(file, 'utf8'), file)
const ask = async (url: string, question: string) =>
  (await fetch(`${url}/chat/completions`, { method: 'POST', body: JSON.stringify({ question }) })).text()

/** A process that records one question after the other into one cassette, until it is killed. */
const recorder = `
  import { withCassette } from 'vitest-cassette/node'
  const [dir, url, name, mode] = process.argv.slice(1)
  const ask = question => fetch(url + '/chat/completions', { method: 'POST', body: JSON.stringify({ question }) }).then(r => r.text())
  for (let count = 0; count < 1000; count++) {
    await withCassette('talk', () => ask(mode === 'record' ? name : name + ' ' + count), { dir, mode })
    console.log(count)
  }
`
function startRecorder(url: string, name: string, mode = 'auto', folder = dir) {
  return spawn(process.execPath, ['--input-type=module', '-e', recorder, folder, url, name, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** The next process would wait for the lock of the dead to look stale: it is made to look so at once. */
async function age(lock: string) {
  const long = new Date(Date.now() - 60_000)
  await utimes(lock, long, long).catch(() => undefined)
}

async function killAtRandom(child: ReturnType<typeof startRecorder>, within: number) {
  await once(child.stdout, 'data')
  await sleep(Math.random() * within)
  child.kill('SIGKILL')
  await once(child, 'close')
}

test('a cassette stays valid, and never holds less than before, through kill -9 at 100 random moments', async () => {
  await using provider = await startProvider(completeWith(() => 'x'.repeat(2000)))
  /** Four cassettes at once, each killed 25 times. */
  const cassettes = ['a', 'b', 'c', 'd'].map(async name => {
    const folder = path.join(dir, name)
    const talk = path.join(folder, 'talk.json')
    let kept = 0
    for (let round = 0; round < 25; round++) {
      await killAtRandom(startRecorder(provider.url, `${name} ${round}`, 'auto', folder), 60)
      const now = parseCassette(await readFile(talk, 'utf8'), talk).length
      expect(now).toBeGreaterThan(kept)
      kept = now
      await age(`${talk}.lock`)
    }
    await withCassette('talk', () => ask(provider.url, 'the next run'), { dir: folder, mode: 'auto' })
    expect(parseCassette(await readFile(talk, 'utf8'), talk)).toHaveLength(kept + 1)
    expect(await readdir(folder)).toEqual(['talk.json'])
  })
  await Promise.all(cassettes)
})

test('a process that is killed while it records everything again leaves the old recording or the new one', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await withCassette('talk', () => ask(provider.url, 'same'), { dir, mode: 'auto' })
  for (let round = 0; round < 6; round++) {
    await killAtRandom(startRecorder(provider.url, 'same', 'record'), 100)
    expect(await recordings()).toHaveLength(1)
    await age(`${file}.lock`)
  }
})

test('a run that only replays clears away what a killed process left behind', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await withCassette('talk', () => ask(provider.url, 'one'), { dir, mode: 'auto' })
  await mkdir(`${file}.lock`)
  await age(`${file}.lock`)
  await writeFile(`${file}.99999.tmp`, '{ "version": 1, "recor')
  await withCassette('talk', () => ask(provider.url, 'one'), { dir, mode: 'replay' })
  expect(await readdir(dir)).toEqual(['talk.json'])
})

/** Holds the lock of a cassette, as a process that writes it does, until its input ends. */
const holder = `
  import { lock } from 'proper-lockfile'
  const release = await lock(process.argv[1], { realpath: false })
  console.log('locked')
  process.stdin.resume().on('end', release)
`
async function holdLock() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', holder, file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

test('while another process holds the lock, saving waits, and goes on once it is released', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  const child = await holdLock()
  let saved = false
  const save = withCassette('talk', () => ask(provider.url, 'one'), { dir, mode: 'auto' })
  void save.then(() => (saved = true))
  await expect.poll(() => provider.requests).toHaveLength(1)
  await sleep(300)
  expect(saved).toBe(false)
  expect(await readdir(dir)).toEqual(['talk.json.lock'])

  const closed = once(child, 'close')
  child.stdin.end()
  await save
  expect(await recordings()).toMatchObject([{ request: { body: { question: 'one' } } }])
  await closed
  expect(await readdir(dir)).toEqual(['talk.json'])
})

test('the lock of a process that was killed is taken over once nobody has touched it for five seconds', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  const child = await holdLock()
  child.kill('SIGKILL')
  await once(child, 'close')
  expect(await readdir(dir)).toEqual(['talk.json.lock'])
  const untouched = new Date(Date.now() - 4_900)
  await utimes(`${file}.lock`, untouched, untouched)
  await withCassette('talk', () => ask(provider.url, 'one'), { dir, mode: 'auto' })
  expect(await recordings()).toHaveLength(1)
  expect(await readdir(dir)).toEqual(['talk.json'])
})

test('a clock that the test has replaced does not make a lock look stale, nor waiting endless', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await mkdir(`${file}.lock`)
  const free = sleep(300).then(() => import('node:fs').then(fs => fs.rmdirSync(`${file}.lock`)))
  vi.useFakeTimers({ now: new Date('2099-01-01') })
  let freed = false
  void free.then(() => (freed = true))
  try {
    await withCassette('talk', () => ask(provider.url, 'one'), { dir, mode: 'auto' })
  } finally {
    vi.useRealTimers()
  }
  expect(freed).toBe(true)
  const [recording] = await recordings()
  expect(recording!.recorded_at).not.toContain('2099')
})

test.skipIf(process.platform === 'win32')(
  'a disk that is full is an error, and the file stays as it was',
  async () => {
    await using provider = await startProvider(completeWith(() => 'x'.repeat(100_000)))
    await writeFile(file, JSON.stringify({ version: 1, recordings: [] }))
    const before = await readFile(file, 'utf8')
    const script = `
    import { withCassette } from 'vitest-cassette/node'
    const [dir, url] = process.argv.slice(1)
    await withCassette('talk', () => fetch(url + '/chat/completions', { method: 'POST', body: '{}' }).then(r => r.text()), { dir, mode: 'auto' })
      .catch(error => console.log(error.code, error.message))
  `
    // The largest file that this process may write is smaller than what it records.
    const limited = `trap '' XFSZ; ulimit -f 32; exec "$0" "$@"`
    const child = spawn(
      'bash',
      ['-c', limited, process.execPath, '--input-type=module', '-e', script, dir, provider.url],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const output = (await child.stdout.setEncoding('utf8').toArray()).join('')
    expect(output).toContain('not-writable')
    expect(output).toContain('EFBIG')
    expect(output).toContain(file)
    expect(await readFile(file, 'utf8')).toBe(before)
    expect(await readdir(dir)).toEqual(['talk.json'])
  },
)

test('an edit by hand of a cassette while a test runs is kept', async () => {
  await using provider = await startProvider(completeWith(() => 'hello'))
  await withCassette('talk', () => ask(provider.url, 'one'), { dir, mode: 'auto' })
  await withCassette(
    'talk',
    async () => {
      await ask(provider.url, 'two')
      const edited = JSON.parse(await readFile(file, 'utf8'))
      edited.recordings[0].note = 'by hand'
      await writeFile(file, JSON.stringify(edited))
    },
    { dir, mode: 'auto' },
  )
  expect(await recordings()).toMatchObject([{ note: 'by hand' }, { request: { body: { question: 'two' } } }])
})
