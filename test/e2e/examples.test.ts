import { readdirSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createProject, type Ended, type Project } from '../support/project.ts'

const repository = path.resolve(import.meta.dirname, '../..')
const examples = readdirSync(path.join(repository, 'examples'), { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name)

const playwright = path.join(repository, 'node_modules/@playwright/test/cli.js')

/** The runner of an example, by what its package.json calls. */
const runners: Record<string, (project: Project) => Promise<Ended>> = {
  'vitest run': project => project.run([], { CI: 'true' }),
  'node --test': project => project.node(['--test'], { CI: 'true' }),
  'playwright test': project => project.node([playwright, 'test'], { CI: 'true' }),
}
const onePassed = /Tests +1 passed|^ℹ pass 1$|^ +1 passed /m

test.for(examples)('examples/%s passes in CI, without a key', async example => {
  await using project = await createProject({}, `examples/${example}`)
  const { scripts } = JSON.parse(await project.read('package.json')) as { scripts: { test: string } }
  const { exitCode, output } = await runners[scripts.test]!(project)
  expect(output).toMatch(onePassed)
  expect(exitCode).toBe(0)
})

test.for(['README.md', 'docs/*.md'])('each file that %s shows is a file of an example', async pattern => {
  const files = new Map<string, string>()
  for await (const file of glob('examples/*/{*.ts,{src,test}/*}', { cwd: repository }))
    files.set(file, await readFile(path.join(repository, file), 'utf8'))
  for await (const page of glob(pattern, { cwd: repository }))
    for (const { name, code } of shownFiles(await readFile(path.join(repository, page), 'utf8')))
      expect(
        [...files].filter(([file]) => file.endsWith(`/${name}`)).map(([, text]) => text),
        `${page} shows ${name}`,
      ).toContain(code)
})

/** Code that stands below a line which names its file: `The app, `src/ask.ts`:`. */
function shownFiles(page: string): { name: string; code: string }[] {
  const shown = page.matchAll(/^.*`([\w./-]+\.[jt]s)`[^\n`]*:\n\n```[jt]s\n(.*?)^```/gms)
  return [...shown].map(([, name = '', code = '']) => ({ name, code }))
}

test('the README shows the whole quickstart', async () => {
  const readme = await readFile(path.join(repository, 'README.md'), 'utf8')
  for (const file of ['vitest.config.ts', 'src/ask.ts', 'test/ask.test.ts'])
    expect(readme).toContain(await readFile(path.join(repository, 'examples/quickstart', file), 'utf8'))
})
