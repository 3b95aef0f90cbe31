import { chmod, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { CassetteError, useCassette, type CassetteOptions } from 'vitest-cassette'
import { withCassette } from 'vitest-cassette/node'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cassettes-'))
})

function failure(work: () => unknown): CassetteError {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(CassetteError)
    return error as CassetteError
  }
  throw new Error('it did not fail')
}

const recording = {
  request: { method: 'POST', url: 'https://api.openai.com/v1/chat/completions', body: {} },
  response: { status: 200, body: {} },
}

test.for<[string, string, string, string]>([
  ['broken JSON', '{ "version": 1, ', '', 'JSON'],
  ['a merge conflict', '<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> branch\n', '', 'merge conflict'],
  ['an unknown version', '{ "version": 2, "recordings": [] }', 'version', 'reads version 1, not 2'],
  ['another shape', '{ "entries": [] }', 'version', 'expected 1'],
  ['no object', '"hello"', '', 'expected object'],
  [
    'a wrong field',
    JSON.stringify({ version: 1, recordings: [recording, { ...recording, response: { status: 'ok' } }] }),
    'recordings[1].response.status',
    'expected number',
  ],
  [
    'a status that is none',
    JSON.stringify({ ...recording, response: { status: 99 } }),
    'response.status',
    '>=200',
  ],
  [
    'a wrong item of an array',
    JSON.stringify([recording, { request: 7, response: {} }]),
    '[1].request',
    'expected object',
  ],
])(
  '%s in a cassette is an error that names file, place and reason, and changes nothing',
  async ([, text, place, reason]) => {
    const file = path.join(dir, 'talk.json')
    await writeFile(file, text)
    for (const mode of ['auto', 'replay', 'record'] as const) {
      const error = failure(() => useCassette('talk', { dir, mode }))
      expect(error).toMatchObject({ code: 'bad-cassette', file })
      expect(error.path ?? '').toBe(place)
      expect(error.message).toContain(file)
      expect(error.message).toContain(reason)
    }
    expect(await readFile(file, 'utf8')).toBe(text)
  },
)

test.for([
  ['../x', "leaves the folder with '..'"],
  ['a/../../x', "leaves the folder with '..'"],
  ['/etc/passwd', 'absolute'],
  ['C:\\x', 'absolute'],
  ['c:x', 'absolute'],
  ['a\\b', "has a '\\'"],
  ['', 'empty'],
  ['a//b', 'empty part'],
  ['./a', 'empty part'],
  ['a\0b', 'control character'],
  ['aux', 'reserved'],
  ['geo/com1.json', 'reserved'],
  ['what?', 'not a file name on every system'],
])('the name %j is an error', ([name, reason]) => {
  expect(failure(() => useCassette(name!, { dir }))).toMatchObject({
    code: 'bad-name',
    message: expect.stringContaining(reason!),
  })
})

test('a link that leads out of the folder is an error, one that stays inside is not', async () => {
  const outside = await mkdtemp(path.join(tmpdir(), 'outside-'))
  await writeFile(path.join(outside, 'talk.json'), JSON.stringify(recording))
  await symlink(outside, path.join(dir, 'folder'))
  await symlink(path.join(outside, 'talk.json'), path.join(dir, 'file.json'))
  await symlink(path.join(outside, 'missing.json'), path.join(dir, 'dangling.json'))
  await writeFile(path.join(dir, 'real.json'), JSON.stringify(recording))
  await symlink('real.json', path.join(dir, 'inside.json'))

  for (const name of ['folder/talk', 'file', 'dangling', 'folder/new'])
    expect(failure(() => useCassette(name, { dir }))).toMatchObject({ code: 'bad-name' })
  expect(useCassette('inside', { dir }).calls).toEqual([])
})

test.for<[object, string]>([
  [{ mood: 'replay' }, 'mood'],
  [{ mode: 'rerecord' }, 'mode'],
  [{ match: { ignoer: [] } }, 'ignoer'],
  [{ match: { ignore: ['messages[x'] } }, 'Not a JSON path'],
  [{ timing: { speed: 0 } }, 'speed'],
  [{ timing: 'slow' }, 'timing'],
])('the option %j is an error that names it', async ([options, named]) => {
  const error = failure(() => useCassette('talk', options as CassetteOptions))
  expect(error).toMatchObject({ code: 'bad-option' })
  expect(error.message).toContain("useCassette('talk')")
  expect(error.message).toContain(named)
  await expect(withCassette('talk', () => 1, options as CassetteOptions)).rejects.toMatchObject({
    code: 'bad-option',
  })
})

test('an unknown word in CASSETTE_MODE is an error that lists the known ones', async ({ onTestFinished }) => {
  process.env.CASSETTE_MODE = 'rekord'
  onTestFinished(() => void delete process.env.CASSETTE_MODE)
  await expect(withCassette('talk', () => 1)).rejects.toThrow('Use one of auto, replay, record, live.')
})

// A superuser may write everywhere, so a file stands where the folder would have to be.
test('a cassette folder that cannot be written is an error, after the app got its answer', async () => {
  const file = path.join(dir, 'not-a-folder')
  await writeFile(file, '')
  const { startProvider, completeWith } = await import('./support/provider.ts')
  await using provider = await startProvider(completeWith(() => 'hello'))
  let status = 0
  const work = async () => {
    const response = await fetch(`${provider.url}/chat/completions`, { method: 'POST', body: '{}' })
    status = response.status
    await response.text()
  }
  const failed = withCassette('talk', work, { dir: file, mode: 'auto' })
  await expect(failed).rejects.toMatchObject({ code: 'not-writable', message: expect.stringContaining(file) })
  expect(status).toBe(200)
})

test.skipIf(process.getuid?.() === 0)('a folder without write permission is an error', async () => {
  // Skipped for the superuser, whom permissions do not bind.
  const locked = path.join(dir, 'locked')
  await mkdir(locked)
  await chmod(locked, 0o500)
  const { startProvider, completeWith } = await import('./support/provider.ts')
  await using provider = await startProvider(completeWith(() => 'hello'))
  const work = async () =>
    (await fetch(`${provider.url}/chat/completions`, { method: 'POST', body: '{}' })).text()
  await expect(withCassette('talk', work, { dir: locked, mode: 'auto' })).rejects.toMatchObject({
    code: 'not-writable',
  })
})
