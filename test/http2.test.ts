import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime'
import { NodeHttp2Handler } from '@smithy/node-http-handler'
import { createServer, connect as namedConnect, type ClientHttp2Session } from 'node:http2'
import http2 from 'node:http2'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withCassette } from 'vitest-cassette/node'
import { configOfWays, createProject, pools } from './support/project.ts'

const server = createServer((request, response) => response.end(`live ${request.url}`))
let origin: string
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

const ask = async (session: ClientHttp2Session, place: string) => {
  const request = session.request({ ':path': place, ':method': 'POST' })
  request.end('{}')
  return text(request)
}
const get = async (place: string, connect = http2.connect) => {
  const session = connect(origin)
  try {
    return await ask(session, place)
  } finally {
    session.close()
  }
}
const newDir = () => mkdtemp(path.join(tmpdir(), 'cassettes-'))

const client = new BedrockRuntimeClient({
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
})
const question = {
  modelId: 'amazon.nova-lite-v1:0',
  messages: [{ role: 'user' as const, content: [{ text: 'Hi' }] }],
}
const calls: Record<string, () => Promise<unknown>> = {
  Converse: () => client.send(new ConverseCommand(question)),
  ConverseStream: () => client.send(new ConverseStreamCommand(question)),
}

test.for(Object.entries(calls))(
  "Bedrock's %s over its default HTTP/2 fails at once and names NodeHttpHandler",
  async ([, call]) => {
    const dir = await newDir()
    const run = withCassette('bedrock', () => call(), { dir, mode: 'replay' })
    await expect(run).rejects.toMatchObject({ code: 'http2' })
    await expect(run).rejects.toThrow('new BedrockRuntimeClient({ requestHandler: new NodeHttpHandler() })')
  },
)

test.for(['auto', 'record', 'replay'] as const)(
  'in mode %s an LLM call over HTTP/2 fails the scope although the app swallows the error',
  async mode => {
    const dir = await newDir()
    const run = withCassette('bedrock', () => calls.Converse!().catch(() => 'no answer'), { dir, mode })
    await expect(run).rejects.toThrow(
      /over HTTP\/2[^]*mode +\w+ [^]*Bedrock https:\/\/bedrock-runtime.us-east-1/,
    )
  },
)

test('HTTP/2 to others works in a scope and outside of one, also where `connect` is imported by name', async () => {
  const dir = await newDir()
  expect(await get('/health')).toBe('live /health')
  const inScope = await withCassette('others', () => get('/health', namedConnect), { dir, mode: 'replay' })
  expect(inScope).toBe('live /health')
})

test('an LLM call to any host is refused over an HTTP/2 session that is older than the scope', async () => {
  const dir = await newDir()
  const session = http2.connect(origin)
  expect(await ask(session, '/v1/chat/completions')).toBe('live /v1/chat/completions')
  const run = withCassette('gateway', () => ask(session, '/v1/chat/completions'), { dir, mode: 'replay' })
  await expect(run).rejects.toThrow('speak HTTP/1.1')
  session.close()
})

test('in mode live, and with the host excluded, an LLM call over HTTP/2 goes its way', async () => {
  const dir = await newDir()
  const call = () => get('/v1/chat/completions')
  expect(await withCassette('gateway', call, { dir, mode: 'live' })).toContain('live')
  expect(await withCassette('gateway', call, { dir, mode: 'replay', exclude: ['127.0.0.1'] })).toContain(
    'live',
  )
})

test('HTTP/2 to others works over a socket that its client has made itself', async () => {
  const { port } = new URL(origin)
  const socket = net.connect(Number(port), '127.0.0.1')
  await new Promise(resolve => socket.once('connect', resolve))
  const session = http2.connect(origin, { createConnection: () => socket })
  expect(await ask(session, '/health')).toBe('live /health')
  session.close()
})

test('the handler of the AWS SDK reaches other hosts over HTTP/2', async () => {
  const handler = new NodeHttp2Handler()
  const { HttpRequest } = await import('@smithy/core/protocols')
  const { hostname, port } = new URL(origin)
  const request = new HttpRequest({
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: '/x',
    method: 'GET',
  })
  const { response } = await handler.handle(request)
  expect(await text(response.body)).toBe('live /x')
  handler.destroy()
})

const healthTest = `
import http2 from 'node:http2'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
test('HTTP/2', async () => {
  const server = http2.createServer((request, response) => response.end('live'))
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const session = http2.connect('http://127.0.0.1:' + server.address().port)
  expect(await text(session.request({ ':path': '/health' }))).toBe('live')
  session.close()
  server.close()
})
`

test('HTTP/2 works in every file of a worker whose files have contexts of their own', async () => {
  await using project = await createProject({
    'a.test.ts': healthTest,
    'b.test.ts': healthTest,
    'c.test.ts': healthTest,
  })
  const { output, exitCode } = await project.run(['--pool=vmThreads', '--maxWorkers=1', '--testTimeout=3000'])
  expect(output).toContain('3 passed')
  expect(exitCode).toBe(0)
})

/** Each way to come by `connect`, in a file of its own: whoever asks first makes Node load HTTP/2. */
const waysToConnect = {
  'named-import': `import { connect } from 'node:http2'`,
  'default-import': `import http2 from 'http2'\nconst { connect } = http2`,
  'dynamic-import': `const { connect } = await import('node:http2')`,
  require: `import { createRequire } from 'node:module'
    const { connect } = createRequire(import.meta.url)('http2')`,
  dependency: `import { connect } from 'grpc-like'`,
  builtin: `const { connect } = process.getBuiltinModule('node:http2')`,
}

test('in every pool nobody gets hold of a `connect` that is not guarded', async () => {
  const file = (importing: string, name: string) => `
    ${importing}
    import { expect, test } from 'vitest'
    import { useCassette } from 'vitest-cassette'
    test(process.env.WAY + ': ${name}', () => {
      useCassette('gateway')
      expect(() => connect('https://api.openai.com')).toThrow('over HTTP/2')
    })
  `
  const ways = { ...pools, vmForks: { pool: 'vmForks' } }
  await using project = await createProject({
    'vitest.config.ts': configOfWays(ways),
    'node_modules/grpc-like/package.json': '{ "name": "grpc-like", "main": "index.js" }',
    'node_modules/grpc-like/index.js': `const { connect } = require('node:http2')\nexports.connect = connect`,
    ...Object.fromEntries(
      Object.entries(waysToConnect).map(([name, importing]) => [`${name}.test.ts`, file(importing, name)]),
    ),
  })
  const { tests, errors } = await project.run(['--maxWorkers=1'], { CI: 'true' })
  // A refused call fails its test, though this one expects the error.
  for (const pool of Object.keys(ways))
    for (const name of Object.keys(waysToConnect))
      expect(errors[`${pool}: ${name}`], `${pool}: ${name}`).toContain('An LLM call goes over HTTP/2')
  expect(Object.values(tests)).toHaveLength(24)
})

test('a test whose app swallows the error of a call over HTTP/2 fails, with the fix in its message', async () => {
  await using project = await createProject({
    'bedrock.test.ts': `
      import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime'
      import { expect, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      const client = new BedrockRuntimeClient({ region: 'us-east-1' })
      const messages = [{ role: 'user', content: [{ text: 'Hi' }] }]
      test('answers', async () => {
        useCassette('bedrock')
        const answer = await client.send(new ConverseCommand({ modelId: 'm', messages })).catch(() => 'no answer')
        expect(answer).toBe('no answer')
      })
    `,
  })
  const { tests, errors } = await project.run([], { CI: 'true' })
  expect(tests).toEqual({ answers: 'failed' })
  expect(errors.answers).toContain('An LLM call goes over HTTP/2')
  expect(errors.answers).toContain('new BedrockRuntimeClient({ requestHandler: new NodeHttpHandler() })')
})

/** A client in a process of its own, which has not loaded HTTP/2 when the scope opens. */
const lateClient = `
import { text } from 'node:stream/consumers'
import { withCassette } from 'vitest-cassette/node'

const [origin, dir] = process.argv.slice(2)
const ask = async (session, place) => {
  const request = session.request({ ':path': place, ':method': 'POST' })
  request.end('{}')
  return text(request)
}
let session
const answers = []
const call = async () => {
  const { connect } = await import('node:http2')
  session = connect(origin)
  answers.push(await ask(session, '/health'))
  answers.push(await ask(session, '/v1/chat/completions').catch(error => error.code))
  // From here on the interceptor holds connections.
  await fetch('http://127.0.0.1:9').catch(() => {})
  answers.push(await ask(connect(origin), '/health'))
}
const error = await withCassette('late', call, { dir, mode: 'replay' }).catch(error => error)
console.log(JSON.stringify([...answers, error.code]))
process.exit(0)
`

test('HTTP/2 that is loaded within a scope only is guarded too, before and after other connections', async () => {
  const dir = await newDir()
  const asked: (string | undefined)[] = []
  const note = (request: { url?: string }) => void asked.push(request.url)
  server.on('request', note)
  const script = path.join(import.meta.dirname, `late-${process.pid}.mjs`)
  await writeFile(script, lateClient)
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script, origin, dir])
    expect(JSON.parse(stdout)).toEqual(['live /health', 'http2', 'live /health', 'http2'])
    expect(asked).toEqual(['/health', '/health'])
  } finally {
    server.off('request', note)
    await rm(script)
  }
})
