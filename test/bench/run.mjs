// npm run bench [-- part...]: measures vitest-cassette side by side with what else there is, and writes docs/performance.md.
import { mkdirSync } from 'node:fs'
import { install } from './install.mjs'
import { parts } from './parts.mjs'
import { readResults, saveResults, writePage } from './write-page.mjs'

const asked = process.argv.slice(2)
const unknown = asked.filter(name => !Object.hasOwn(parts, name))
if (unknown.length > 0)
  throw new Error(`No such part: ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}`)

install()
mkdirSync(new URL('.work/', import.meta.url), { recursive: true })
for (const name of asked.length > 0 ? asked : Object.keys(parts)) {
  const start = performance.now()
  const results = await parts[name]()
  saveResults(name, results)
  console.log(`\n${name} (${Math.round((performance.now() - start) / 1000)} s)`)
  console.table(results)
}
const missing = Object.keys(parts).filter(name => !Object.hasOwn(readResults(), name))
if (missing.length === 0) writePage()
else console.log(`Not measured yet: ${missing.join(', ')}. The page is written once all are.`)
