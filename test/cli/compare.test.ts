import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { cassetteOf, createWorkplace, recordingOf } from '../support/cli.ts'

const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    cwd,
    stdio: 'pipe',
  })

test('diff shows which conversations of two cassettes are changed or added', async () => {
  await using place = await createWorkplace()
  const [hi, bye] = [recordingOf('Hi', 'Hello!\nHow are you?'), recordingOf('Bye', 'Bye!', { test: 'parts' })]
  const changed = recordingOf('Hi', 'Hello!\nHow do you do?', { recorded_at: '2026-11-23' })
  await place.write({
    'cassettes/a.json': cassetteOf(hi, bye),
    'cassettes/b.json': cassetteOf(bye, changed, recordingOf('Again?', 'No.')),
  })
  const { stdout, exitCode } = await place.run(['diff', 'a', 'b'])
  expect(exitCode).toBe(1)
  expect(stdout).toMatchInlineSnapshot(`
    "a → b

    2  (of no test)
       OpenAI POST /v1/chat/completions, gpt-x
       changed
         assistant
           Hello!
       -   How are you?
       +   How do you do?

    3  (of no test)
       OpenAI POST /v1/chat/completions, gpt-x
       added
       + model gpt-x
       + user
       +   Again?
       + assistant
       +   No.

    2 recordings changed, 1 the same
    "
  `)
  expect(JSON.parse((await place.run(['diff', 'a', 'b', '--json'])).stdout)).toMatchObject([
    { kind: 'changed', before: 1, after: 2, lines: expect.arrayContaining(['-  How are you?']) },
    { kind: 'added', after: 3 },
  ])
})

test('diff counts other ids, times and tokens as no difference', async () => {
  await using place = await createWorkplace()
  const other = recordingOf('Hi', 'Hello!', { recorded_at: '2026-11-23' })
  Object.assign(other.response, {
    timing: [9],
    body: { ...other.response.body, id: 'chatcmpl-9', usage: null },
  })
  await place.write({
    'cassettes/a.json': cassetteOf(recordingOf('Hi', 'Hello!')),
    'cassettes/b.json': cassetteOf(other),
  })
  expect(await place.run(['diff', 'a', 'b'])).toEqual({
    exitCode: 0,
    stdout: 'a → b\n\nEvery conversation is the same.\n',
    stderr: '',
  })
})

test('diff with --git compares a cassette with how it was in a commit', async () => {
  await using place = await createWorkplace()
  const [before, after] = [recordingOf('Hi', 'Hello!'), recordingOf('Hi', 'Good day!')]
  await place.write({
    'cassettes/talk.json': cassetteOf(before),
    'cassettes/folder/a-00000000-001.json': before,
  })
  git(place.root, 'init', '-q')
  git(place.root, 'add', '.')
  git(place.root, 'commit', '-qm', 'one')
  await place.write({
    'cassettes/talk.json': cassetteOf(after),
    'cassettes/folder/a-00000000-001.json': after,
  })
  git(place.root, 'commit', '-qam', 'two')
  await place.write({ 'cassettes/new.json': cassetteOf(after) })

  expect((await place.run(['diff', 'talk', '--git'])).exitCode).toBe(0)
  const { stdout, exitCode } = await place.run(['diff', 'talk', '--git', 'HEAD~1'])
  expect(exitCode).toBe(1)
  expect(stdout).toContain('talk  HEAD~1 → now')
  expect(stdout).toContain('   -   Hello!\n   +   Good day!')
  expect((await place.run(['diff', 'folder', '--git', 'HEAD~1'])).stdout).toContain('-   Hello!')
  expect((await place.run(['diff', 'new', '--git'])).stdout).toContain('added')
  expect(await place.run(['diff', 'talk', '--git', 'nowhere'])).toMatchObject({
    exitCode: 2,
    stderr: 'git cannot say how the cassette was: nowhere^{commit} is no commit\n',
  })
})
