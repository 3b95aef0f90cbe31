import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const read = (file: string) => readFile(path.join(root, file), 'utf8')

test('each code of a CassetteError has its section in docs/troubleshooting.md', async () => {
  const [, union = ''] = /type CassetteErrorCode =([^]*?)\n\n/.exec(await read('src/errors.ts')) ?? []
  const codes = [...union.matchAll(/'([\w-]+)'/g)].map(([, code]) => code)
  const sections = [...(await read('docs/troubleshooting.md')).matchAll(/^## `([\w-]+)`$/gm)]
  expect(codes.length).toBeGreaterThan(5)
  expect(sections.map(([, code]) => code)).toEqual(codes)
})

test('each link between the pages leads somewhere', async () => {
  const pages =
    'agents ci comparison migrating msw processes providers recording runners streaming troubleshooting'.split(
      ' ',
    )
  for (const page of [...pages.map(name => `docs/${name}.md`), 'README.md'])
    for (const [, link = ''] of (await read(page)).matchAll(/\]\(([\w/-]+(?:\.md)?)\)/g))
      expect(existsSync(path.resolve(root, path.dirname(page), link)), `${page}: ${link}`).toBe(true)
})
