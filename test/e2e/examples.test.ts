import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createProject } from '../support/project.ts'

const repository = path.resolve(import.meta.dirname, '../..')
const examples = readdirSync(path.join(repository, 'examples'))

test.for(examples)('examples/%s passes in CI, without a key', async example => {
  await using project = await createProject({}, `examples/${example}`)
  const run = await project.run([], { CI: 'true' })
  expect(run.errors).toEqual({})
  expect(Object.keys(run.tests).length).toBeGreaterThan(0)
  expect(run.exitCode).toBe(0)
})

test('the example of the README is the one that was just run', async () => {
  const readme = await readFile(path.join(repository, 'README.md'), 'utf8')
  for (const file of ['vitest.config.ts', 'src/ask.ts', 'test/ask.test.ts'])
    expect(readme).toContain(await readFile(path.join(repository, 'examples/quickstart', file), 'utf8'))
})
