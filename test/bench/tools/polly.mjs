import { createRequire } from 'node:module'
import adapter from '@pollyjs/adapter-fetch'
import persister from '@pollyjs/persister-fs'

// A CommonJS package whose exports Node does not see from outside.
const { Polly } = createRequire(import.meta.url)('@pollyjs/core')
const plain = module => module.default ?? module

async function use(mode, dir, { repeat }, work) {
  const polly = new Polly('talk', {
    mode,
    recordIfMissing: mode === 'record',
    logLevel: 'silent',
    adapters: [plain(adapter)],
    persister: plain(persister),
    persisterOptions: { fs: { recordingsDir: dir }, keepUnusedRequests: true },
    matchRequestsBy: { order: !repeat },
  })
  try {
    return await work({})
  } finally {
    await polly.stop()
  }
}

export default {
  replay: (dir, options, work) => use('replay', dir, options, work),
  record: (dir, options, work) => use('record', dir, options, work),
}
