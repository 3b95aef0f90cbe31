import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { LLMock } from '@copilotkit/aimock'

async function withServer(mock, work) {
  await mock.start()
  const result = await work({ baseURL: `${mock.url}/v1` })
  await mock.stop()
  return result
}

/** Its replays keep the recorded pace otherwise. */
function withoutTimes(dir) {
  for (const name of readdirSync(dir, { recursive: true }).filter(name => name.endsWith('.json'))) {
    const file = path.join(dir, name)
    const content = JSON.parse(readFileSync(file, 'utf8'))
    for (const fixture of content.fixtures) delete fixture.recordedTimings
    writeFileSync(file, JSON.stringify(content, null, 2))
  }
}

export default {
  lossy: true,
  needsServer: true,
  replay(dir, _, work) {
    const mock = new LLMock({ port: 0 })
    mock.loadFixtureDir(dir)
    return withServer(mock, work)
  },
  async record(dir, { server }, work) {
    const providers = { openai: server.replace(/\/v1$/, '') }
    await withServer(new LLMock({ port: 0, record: { providers, fixturePath: dir } }), async options => {
      await work(options)
      // It saves what it has seen to the end only.
      await new Promise(resolve => setTimeout(resolve, 300))
    })
    withoutTimes(dir)
  },
}
