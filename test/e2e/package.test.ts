import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createProject } from '../support/project.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** Loads an entry of the package in a process of its own, and says which packages came with it. */
function packagesOf(entry: string): string[] {
  const script = `
    import { registerHooks } from 'node:module'
    const names = new Set()
    registerHooks({
      resolve(specifier, context, next) {
        const [name] = /^(?:@[^/]+\\/)?[^./][^/]*/.exec(specifier) ?? []
        if (name && !specifier.startsWith('node:') && !specifier.startsWith('file:')) names.add(name)
        return next(specifier, context)
      },
    })
    await import(${JSON.stringify(entry)})
    console.log([...names].sort().join())`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
  })
  return output.trim().split(',')
}

test.each(['vitest-cassette/node', 'vitest-cassette/msw'])('%s loads no Vitest', entry => {
  expect(packagesOf(entry)).toContain('vitest-cassette')
  expect(packagesOf(entry)).not.toContain('vitest')
})

test('vitest-cassette/node loads no other package before the first cassette', () => {
  expect(packagesOf('vitest-cassette/node')).toEqual(['fast-json-stable-stringify', 'vitest-cassette'])
})

test('neither HTTP/2 nor TLS is loaded before somebody asks for it', async () => {
  await using project = await createProject({
    'a.test.ts': `
      import { expect, test } from 'vitest'
      const isLoaded = name => process.moduleLoadList.includes('NativeModule ' + name)
      test('loads', async () => {
        expect([isLoaded('http2'), isLoaded('tls')]).toEqual([false, false])
        await import('node:http2')
        expect([isLoaded('http2'), isLoaded('tls')]).toEqual([true, true])
      })
    `,
  })
  const { tests, errors } = await project.run()
  expect(errors).toEqual({})
  expect(tests).toEqual({ loads: 'passed' })
})
