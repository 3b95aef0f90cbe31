import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { expect, test } from 'vitest'
import { configOfWays, createProject, pools, type Project } from '../support/project.ts'
import { completeWith, startProvider } from '../support/provider.ts'

/** A test file each, so that what it does first is the first connection of its worker. */
const files = {
  'get.test.ts': `
    import https from 'node:https'
    test(process.env.WAY + ': node:https', () => new Promise((resolve, reject) => {
      https.get(process.env.API_URL, response => response.resume().on('end', resolve)).on('error', reject)
    }))
  `,
  'agent.test.ts': `
    import https from 'node:https'
    const agent = new https.Agent({ keepAlive: true })
    const get = () => new Promise((resolve, reject) => {
      https.get(process.env.API_URL, { agent }, response => response.resume().on('end', resolve)).on('error', reject)
    })
    test(process.env.WAY + ': an agent that keeps its connections', async () => {
      await get()
      await get()
      agent.destroy()
    })
  `,
  'tls.test.ts': `
    import tls from 'node:tls'
    test(process.env.WAY + ': tls.connect', async () => {
      const { hostname, port } = new URL(process.env.API_URL)
      const socket = tls.connect({ host: hostname, port, servername: 'localhost' })
      await new Promise((resolve, reject) => socket.on('secureConnect', resolve).on('error', reject))
      socket.write('GET / HTTP/1.1\\r\\nhost: localhost\\r\\nconnection: close\\r\\n\\r\\n')
      expect(String(await new Promise(resolve => socket.once('data', resolve)))).toContain('200 OK')
      socket.destroy()
    })
  `,
  'after-http.test.ts': `
    import http from 'node:http'
    import https from 'node:https'
    const get = (client, url) => new Promise((resolve, reject) => {
      client.get(url, response => response.resume().on('end', resolve)).on('error', reject)
    })
    test(process.env.WAY + ': https after http', async () => {
      await get(http, process.env.HTTP_URL)
      await get(https, process.env.API_URL)
    })
  `,
  'llm.test.ts': `
    import https from 'node:https'
    test(process.env.WAY + ': an LLM call', async () => {
      const cassette = useCassette(process.env.WAY)
      const url = new URL('/v1/chat/completions', process.env.API_URL)
      const status = await new Promise((resolve, reject) => {
        https.request(url, { method: 'POST', headers: { 'content-type': 'application/json' } }, response => {
          response.resume().on('end', () => resolve(response.statusCode))
        }).on('error', reject).end('{"model":"test-model"}')
      })
      expect([status, cassette.calls[0].outcome]).toEqual([200, process.env.EXPECTED])
    })
  `,
}

const imports = `
  import { expect, test } from 'vitest'
  import { useCassette } from 'vitest-cassette'
`

async function createApp(): Promise<Project & { environment: Record<string, string> }> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  })
  const written = Object.entries(files).map(([name, content]) => [name, imports + content])
  const project = await createProject({
    ...Object.fromEntries(written),
    'cert.pem': cert,
    'vitest.config.ts': configOfWays(pools),
  })
  const server = createServer({ key, cert }, (request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[]}')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const plain = await startProvider(completeWith(() => 'Washington'))
  const remove = project[Symbol.asyncDispose].bind(project)
  const stop = async () => {
    server.closeAllConnections()
    server.close()
    await Promise.all([plain.stop(), remove()])
  }
  return Object.assign(project, {
    environment: {
      API_URL: `https://localhost:${(server.address() as AddressInfo).port}/`,
      HTTP_URL: plain.url,
      NODE_EXTRA_CA_CERTS: `${project.root}/cert.pem`,
    },
    [Symbol.asyncDispose]: stop,
  })
}

test('in every pool a file whose first connection is TLS works as it does without the plugin', async () => {
  await using app = await createApp()
  const first = [
    'node:https',
    'an agent that keeps its connections',
    'tls.connect',
    'https after http',
    'an LLM call',
  ]
  const passed = Object.fromEntries(
    Object.keys(pools).flatMap(pool => first.map(name => [`${pool}: ${name}`, 'passed'])),
  )
  const recorded = await app.run([], { ...app.environment, EXPECTED: 'recorded' })
  expect(recorded.tests, recorded.output).toEqual(passed)
  const replayed = await app.run([], { ...app.environment, EXPECTED: 'replayed', CI: 'true' })
  expect(replayed.tests, replayed.output).toEqual(passed)
})
