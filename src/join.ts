import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { invitationName } from './process/inviter.ts'

// What a process or a worker thread loads first that a test has started (`--require`): the cassette of the test answers its
// LLM calls, whatever client makes them. Without an invitation it does nothing.
//
// Any version of Node reads this file, and other programs that take its options: the rest is for those that can do it.

const require = createRequire(import.meta.url)

const invitation = isSupported() ? readOwn() : undefined
if (invitation) {
  const { join } = require('./server/join.cjs') as typeof import('./server/join.ts')
  join(invitation, fileURLToPath(import.meta.url))
}

function isSupported(): boolean {
  const { node, deno, bun } = process.versions
  const [major = 0, minor = 0] = node.split('.').map(Number)
  return !deno && !bun && (major > 22 || (major === 22 && minor >= 12))
}

/** The invitation of this thread, or of its process. */
function readOwn(): string | undefined {
  const { moduleLoadList: loaded } = process as { moduleLoadList?: string[] }
  // In a thread it is there. To load it takes time that a process without threads does not need to spend.
  const own =
    !loaded || loaded.includes('NativeModule worker_threads')
      ? (require('node:worker_threads') as typeof import('node:worker_threads')).getEnvironmentData(
          invitationName,
        )
      : undefined
  return typeof own === 'string' ? own : process.env[invitationName]
}
