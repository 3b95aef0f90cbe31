import { chmod, readdir, readFile, utimes } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { cassetteOf, createWorkplace, recordingOf, type Workplace } from '../support/cli.ts'

const lastRun = 'node_modules/.vitest-cassette/last-run.json'
const files = async ({ root }: Workplace) =>
  (await readdir(path.join(root, 'cassettes'), { recursive: true })).toSorted()
const read = async ({ root }: Workplace, file: string) => readFile(path.join(root, file), 'utf8')
const questions = async (place: Workplace, file: string) =>
  JSON.parse(await read(place, file)).recordings.map(
    (recording: ReturnType<typeof recordingOf>) => recording.request.body.messages[0]!.content,
  )

/** Three cassettes, and a run that needed but one of them whole. */
async function afterRun(run: object): Promise<Workplace> {
  const place = await createWorkplace()
  await place.write({
    'cassettes/a.json': cassetteOf(
      recordingOf('one', '1'),
      recordingOf('two', '2', { test: 'counts' }),
      recordingOf('three', '3'),
    ),
    'cassettes/b.json': cassetteOf(recordingOf('four', '4')),
    'cassettes/c.json': cassetteOf(recordingOf('five', '5')),
  })
  await place.write({ [lastRun]: run })
  return place
}
const run = {
  full: true,
  dirs: ['cassettes'],
  unused: [
    { file: 'cassettes/a.json', index: 1 },
    { file: 'cassettes/b.json', index: 0 },
  ],
  orphans: ['cassettes/c.json'],
}

test('prune shows the recordings that would go, and deletes them with --yes', async () => {
  await using place = await afterRun(run)
  const shown = await place.run(['prune'])
  expect(shown.exitCode).toBe(0)
  expect(shown.stdout).toMatchInlineSnapshot(`
    "- cassettes/c.json  no test asked for it
      cassettes/a.json
    -   2  counts: OpenAI POST /v1/chat/completions, gpt-x, "two"
      cassettes/b.json
    -   1  (of no test): OpenAI POST /v1/chat/completions, gpt-x, "four"

    1 orphan and 2 unused recordings. To delete: npx vitest-cassette prune --yes
    "
  `)
  expect(await files(place)).toEqual(['a.json', 'b.json', 'c.json'])

  const done = await place.run(['prune', '--yes'])
  expect(done.stdout).toContain('Deleted 1 orphan and 2 unused recordings.')
  expect(await files(place)).toEqual(['a.json'])
  expect(await questions(place, 'cassettes/a.json')).toEqual(['one', 'three'])

  expect((await place.run(['prune', '--yes'])).stdout).toContain('Nothing to prune')
  expect(await questions(place, 'cassettes/a.json')).toEqual(['one', 'three'])
})

test('prune does nothing without a full last run', async () => {
  await using fresh = await createWorkplace({ talk: 'capital-question' })
  expect(await fresh.run(['prune', '--yes'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('There is no record of a run'),
  })
  await using broken = await afterRun({ full: true })
  expect(await broken.run(['prune', '--yes'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('There is no record of a run'),
  })
  await using part = await afterRun({ ...run, full: false })
  expect(await part.run(['prune', '--yes'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('The last run was not full'),
  })
  expect(await files(part)).toHaveLength(3)
})

test('prune deletes nothing where a cassette has changed since the run', async () => {
  await using place = await afterRun(run)
  const later = new Date(Date.now() + 10_000)
  await utimes(path.join(place.root, 'cassettes/b.json'), later, later)
  expect(await place.run(['prune', '--yes'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('cassettes/b.json has changed since the last run'),
  })
  expect(await files(place)).toHaveLength(3)
})

test.each([
  { file: '../c.json' },
  { file: 'src/data.json' },
  { file: 'cassettes/../src/data.json' },
  { file: 'cassettes-old/c.json' },
  { file: 'cassettes/notes.txt' },
])('prune refuses a last run that names $file, and deletes nothing', async ({ file }) => {
  for (const named of [{ orphans: [file] }, { unused: [{ file, index: 0 }] }]) {
    await using place = await afterRun({ ...run, ...named })
    await place.write({ 'src/data.json': cassetteOf(), 'cassettes-old/c.json': cassetteOf() })
    expect(await place.run(['prune', '--yes'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(
        /names .*, which is no cassette of this project: no \.json file in cassettes\.\n$/,
      ),
    })
    expect(await files(place)).toEqual(['a.json', 'b.json', 'c.json'])
    expect(await read(place, 'src/data.json')).not.toBe('')
  }
})

test('rename gives a cassette another name, but none that is taken or leaves the folder', async () => {
  await using place = await createWorkplace({ 'geo/capital': 'capital-question', other: 'capital-question' })
  const before = await read(place, 'cassettes/geo/capital.json')
  expect(await place.run(['rename', 'geo/capital', 'cities/washington'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('cassettes/geo/capital.json → cassettes/cities/washington.json'),
  })
  expect(await files(place)).toEqual(['cities', 'cities/washington.json', 'other.json'])
  expect(await read(place, 'cassettes/cities/washington.json')).toBe(before)
  expect(await place.run(['rename', 'cities/washington', 'other'])).toMatchObject({
    exitCode: 2,
    stderr: 'There is a cassette other already. Nothing was changed.\n',
  })
  expect((await place.run(['rename', 'other', '../out'])).exitCode).toBe(2)
})

test('refresh writes cassettes in the current format, endpoint and model as their requests have them', async () => {
  await using place = await createWorkplace({ seed: 'capital-question' })
  const { request, ...rest } = recordingOf('Hi', 'Hello!')
  const old = { ...request, url: `${request.url}?key=secret`, endpoint: '/old', model: 'old' }
  await place.write({ 'cassettes/talk.json': JSON.stringify(cassetteOf({ ...rest, request: old })) })
  const before = await read(place, 'cassettes/talk.json')

  const dry = await place.run(['refresh', '--dry-run'])
  expect(dry.stdout).not.toContain('secret')
  expect(dry.stdout).toMatchInlineSnapshot(`
    "cassettes/seed.json  layout only
    cassettes/talk.json
      recordings[0].request.url  "(with credentials)" → "https://api.openai.com/v1/chat/completions"
      recordings[0].request.endpoint  "/old" → "/v1/chat/completions"
      recordings[0].request.model  "old" → "gpt-x"
    2 files would be rewritten, of 2 cassettes.
    "
  `)
  expect(await read(place, 'cassettes/talk.json')).toBe(before)

  expect((await place.run(['refresh'])).stdout).toContain('2 files rewritten, of 2 cassettes.')
  const { recordings } = JSON.parse(await read(place, 'cassettes/talk.json'))
  expect(recordings).toEqual([
    { ...rest, request: { ...request, endpoint: '/v1/chat/completions', model: 'gpt-x' } },
  ])
  expect((await place.run(['refresh'])).stdout).toBe('0 files rewritten, of 2 cassettes.\n')
})

test.skipIf(process.platform === 'win32')(
  'record runs Vitest, with its arguments, in mode record',
  async () => {
    await using place = await createWorkplace()
    const vitest = 'node_modules/.bin/vitest'
    await place.write({
      'package.json': '{}',
      [vitest]: '#!/bin/sh\necho "$CASSETTE_MODE: $*"\nexit 3\n',
    })
    await chmod(path.join(place.root, vitest), 0o755)
    expect(await place.run(['record', 'capital', '-t', 'names it', '--retry=2'])).toMatchObject({
      exitCode: 3,
      stdout: 'record: run capital -t names it --retry=2\n',
    })
    const { stdout, stderr } = await place.run(['record', '--json', 'capital'])
    expect(JSON.parse(stdout)).toEqual({ args: ['capital'], exitCode: 3 })
    expect(stderr).toContain('record: run capital')
  },
)
