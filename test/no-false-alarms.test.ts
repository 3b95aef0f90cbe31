import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { redactRequest, redactResponse } from '../src/redact/recording.ts'
import { Redactor } from '../src/redact/redactor.ts'
import { decodeBody } from '../src/wire/body.ts'

// The whole corpus where it lies beside the repository, the subset that ships otherwise.
const folders = ['../../shared/corpus', '../fixtures/corpus'].map(folder =>
  path.resolve(import.meta.dirname, folder),
)
const corpus = folders.find(existsSync)!
const redactor = new Redactor({}, {})

/** Nothing in the corpus is a credential, so nothing at all may change. */
const expected: string[] = []

test('nothing in the recorded bodies is taken for a secret', async () => {
  const index = await readFile(path.join(corpus, 'wire/index.jsonl'), 'utf8')
  const changed: string[] = []
  for (const line of index.split('\n').filter(text => text !== '')) {
    const row = JSON.parse(line)
    const { recorded } = decodeBody(
      new Uint8Array(await readFile(path.join(corpus, 'wire', row.file))),
      row.content_type ?? '',
    )
    const request = { method: row.method, url: row.url, body: row.request }
    if (JSON.stringify(redactResponse({ ...recorded }, redactor)) !== JSON.stringify(recorded))
      changed.push(row.file)
    if (JSON.stringify(redactRequest(request, redactor)) !== JSON.stringify(request)) changed.push(row.file)
  }
  expect(changed).toEqual(expected)
})

test('nothing in the recordings of other tools is taken for a secret', async () => {
  const root = path.join(corpus, 'llama-stack')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(file =>
    file.endsWith('.json'),
  )
  const changed: string[] = []
  for (const file of files) {
    const { request, response } = JSON.parse(await readFile(path.join(root, file), 'utf8'))
    const body = response?.body
    if (
      JSON.stringify(redactResponse({ ...response, body }, redactor)) !==
      JSON.stringify({ ...response, body })
    )
      changed.push(file)
    const { url, body: asked } = request
    if (
      JSON.stringify(redactRequest({ method: 'POST', url: String(url), body: asked }, redactor).body) !==
      JSON.stringify(asked)
    )
      changed.push(file)
  }
  expect(files.length).toBeGreaterThan(20)
  expect(changed).toEqual(expected)
})
