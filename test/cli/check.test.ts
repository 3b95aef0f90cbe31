import { expect, test } from 'vitest'
import { cassetteOf, createWorkplace, recordingOf } from '../support/cli.ts'

test('check finds nothing wrong with valid cassettes beside a README and a .gitattributes', async () => {
  await using place = await createWorkplace({
    'geo/capital-question': 'capital-question',
    'agent/rates': 'conversations/messages-stream',
  })
  await place.write({ 'cassettes/README.md': '# Cassettes', 'cassettes/.gitattributes': '' })
  expect(await place.run(['check'])).toEqual({
    exitCode: 0,
    stdout: 'Nothing wrong. 2 cassettes checked\n',
    stderr: '',
  })
})

test('check names all that is wrong, each with its file, and exits with code 1', async () => {
  await using place = await createWorkplace()
  const copy = recordingOf('Hi', 'Hello!')
  await place.write({
    'cassettes/broken.json': '{',
    'cassettes/shape.json': { version: 1, recordings: [{ request: { method: 'POST' } }] },
    'cassettes/merge.json': '<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n',
    'cassettes/copies.json': cassetteOf(copy, recordingOf('Bye', 'Bye!'), copy),
    'cassettes/test/gone.test.ts/asks.json': cassetteOf(),
    'cassettes/test/here.test.ts/asks.json': cassetteOf(),
    'test/here.test.ts': '',
    'cassettes/notes.txt': 'x',
    'cassettes/talk.json.4711.tmp': '{',
    'cassettes/con.json': cassetteOf(),
  })
  const { stdout, exitCode } = await place.run(['check'])
  expect(exitCode).toBe(1)
  expect(stdout).toMatchInlineSnapshot(`
    "schema  cassettes/broken.json
      Cannot read the cassette cassettes/broken.json: Expected property name or '}' in JSON at position 1 (line 1 column 2).
    misplaced  cassettes/con.json
      Bad cassette name "con": 'con' is a reserved name on Windows.
    duplicate  cassettes/copies.json
      recordings 1, 3 are copies of each other
    schema  cassettes/merge.json
      Cannot read the cassette cassettes/merge.json: it holds a git merge conflict.
    schema  cassettes/shape.json
      Cannot read the cassette cassettes/shape.json at recordings[0].request.url: Invalid input: expected string, received undefined.
    misplaced  cassettes/test/gone.test.ts/asks.json
      it belongs to the test file test/gone.test.ts, which is not there
    misplaced  cassettes/notes.txt
      no cassette: its name does not end in .json
    misplaced  cassettes/talk.json.4711.tmp
      left by a process that was killed; delete it
    7 cassettes checked
    "
  `)
  const found = JSON.parse((await place.run(['check', '--json'])).stdout)
  expect(found).toContainEqual({
    kind: 'misplaced',
    severity: 'error',
    file: 'cassettes/notes.txt',
    message: 'no cassette: its name does not end in .json',
  })
})

test('check notes a request that stands twice, and exits with code 0, for an app may ask twice', async () => {
  await using place = await createWorkplace()
  await place.write({
    'cassettes/talk.json': cassetteOf(recordingOf('Hi', 'Hello!'), recordingOf('Hi', 'Hm?')),
  })
  const { stdout, exitCode } = await place.run(['check'])
  expect(exitCode).toBe(0)
  expect(stdout).toContain(
    'duplicate (note)  cassettes/talk.json\n  recordings 1, 2 answer the same request, one after the other\n',
  )
})

test('check names a secret by its place and kind, never by its value', async () => {
  await using place = await createWorkplace()
  const token = `gh${'p'}_${'aB3dE5fG7h'.repeat(4)}`
  await place.write({ 'cassettes/talk.json': cassetteOf(recordingOf(`Push with ${token}`, 'Oh.')) })
  const { stdout, exitCode } = await place.run(['check'])
  expect(exitCode).toBe(1)
  expect(stdout).toContain(
    'secret  cassettes/talk.json\n  github-token at recordings[0].request.body.messages[0].content\n',
  )
  expect(stdout).not.toContain(token)
})
