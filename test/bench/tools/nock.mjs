import { writeFileSync } from 'node:fs'
import path from 'node:path'
import nock from 'nock'
import { baseURL } from '../talk.mjs'

const file = dir => path.join(dir, 'talk.json')

export default {
  needsServer: true,
  async replay(dir, { repeat }, work) {
    const scopes = nock.load(file(dir))
    if (repeat) for (const scope of scopes) scope.persist()
    nock.disableNetConnect()
    return work({})
  },
  async record(dir, { server }, work) {
    nock.recorder.rec({ output_objects: true, dont_print: true })
    await work({ baseURL: server })
    const calls = nock.recorder.play().map(call => ({ ...call, scope: `${new URL(baseURL).origin}:443` }))
    writeFileSync(file(dir), JSON.stringify(calls, null, 4))
  },
}
