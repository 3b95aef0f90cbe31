import path from 'node:path'
import { expect, test } from 'vitest'
import { createProject, type Project, type Run } from '../support/project.ts'
import {
  chatEvents,
  completeWith,
  sleep,
  startProvider,
  type Provider,
  type Reply,
} from '../support/provider.ts'

const key = { OPENAI_API_KEY: 'sk-test-1234567890' }
const settings = ['--testTimeout=60000']

/** Asks the question of its first argument, or of its thread's data, and says the answer. */
const asker = `
  import { isMainThread, parentPort, workerData } from 'node:worker_threads'
  const question = isMainThread ? process.argv[2] : workerData
  const response = await fetch(process.env.PROVIDER_URL + '/chat/completions', {
    method: 'POST',
    headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'test-model', messages: [{ role: 'user', content: question }] }),
  })
  const { choices, error } = await response.json()
  const answer = choices?.[0].message.content ?? error.message
  if (isMainThread) console.log(answer)
  else parentPort.postMessage(answer)
`

const files = {
  'ask.mjs': asker,
  'ask.cjs': `void (async () => { ${asker.replace('import', 'const').replace(' from ', ' = require(').replace("'node:worker_threads'", "'node:worker_threads')")} })()`,
  'in-child.mjs': `
    import { execFile } from 'node:child_process'
    execFile(process.execPath, ['ask.mjs', process.argv[2]], { env: { PROVIDER_URL: process.env.PROVIDER_URL } }, (error, answer) => {
      process.stdout.write(answer)
    })
  `,
  'in-thread.mjs': `
    import { Worker } from 'node:worker_threads'
    new Worker(new URL('ask.mjs', import.meta.url), { workerData: process.argv[2], env: { PROVIDER_URL: process.env.PROVIDER_URL } })
      .on('message', answer => console.log(answer))
  `,
  'in-child-of-thread.mjs': `
    import { execFile } from 'node:child_process'
    import { parentPort, workerData } from 'node:worker_threads'
    execFile(process.execPath, ['ask.mjs', workerData], (error, answer) => parentPort.postMessage(answer.trim()))
  `,
  'waiting.mjs': `
    import { execFileSync } from 'node:child_process'
    process.stdout.write(execFileSync(process.execPath, ['ask.mjs', process.argv[2]]))
  `,
  'start.ts': `
    import { exec, execFile, fork, spawn } from 'node:child_process'
    import { once } from 'node:events'
    import { readFileSync } from 'node:fs'
    import { text } from 'node:stream/consumers'
    import { pathToFileURL } from 'node:url'
    import { promisify } from 'node:util'
    import { SHARE_ENV, Worker } from 'node:worker_threads'

    const node = process.execPath
    const said = async child => (await text(child.stdout)).trim()
    const heard = async worker => (await once(worker, 'message'))[0]
    const { PATH, PROVIDER_URL, OPENAI_API_KEY } = process.env
    export const ways = {
      spawn: question => said(spawn(node, ['ask.mjs', question], { stdio: ['ignore', 'pipe', 'inherit'] })),
      'spawn of CommonJS with few variables': question =>
        said(spawn('node', ['ask.cjs', question], { env: { PATH, PROVIDER_URL, OPENAI_API_KEY } })),
      'fork without options of Node': question => said(fork('ask.mjs', [question], { silent: true, execArgv: [] })),
      exec: async question => (await promisify(exec)('node ask.mjs "' + question + '"')).stdout.trim(),
      execFile: async question => (await promisify(execFile)(node, ['ask.mjs', question])).stdout.trim(),
      'a child of a child': question => said(spawn(node, ['in-child.mjs', question])),
      'a child for which a child waits': question => said(spawn(node, ['waiting.mjs', question])),
      'a thread in a child': question => said(spawn(node, ['in-thread.mjs', question])),
      'a child of a thread': question => heard(new Worker('./in-child-of-thread.mjs', { workerData: question })),
      'a thread': question => heard(new Worker('./ask.mjs', { workerData: question })),
      'a thread with few variables': question =>
        heard(new Worker(pathToFileURL('ask.cjs'), { workerData: question, env: { PROVIDER_URL } })),
      'a thread that shares the environment': question =>
        heard(new Worker('./ask.mjs', { workerData: question, env: SHARE_ENV, execArgv: ['--no-warnings'] })),
      'a thread of code': question =>
        heard(new Worker(readFileSync('ask.cjs', 'utf8'), { eval: true, workerData: question })),
      'a thread of a data: URL': question =>
        heard(new Worker(new URL('data:text/javascript,' + encodeURIComponent(readFileSync('ask.mjs', 'utf8'))), { workerData: question })),
    }
  `,
  'ways.test.ts': `
    import { expect, test } from 'vitest'
    import { useCassette } from 'vitest-cassette'
    import { ways } from './start.ts'

    for (const [way, ask] of Object.entries(ways))
      test.concurrent(way, async ({ expect }) => {
        const cassette = useCassette(way.replaceAll(':', ''))
        expect(await ask('Who are you, ' + way + '?')).toBe('I am: Who are you, ' + way + '?')
        expect(cassette.calls.map(call => [call.outcome, call.text])).toEqual([
          [process.env.EXPECTED, 'I am: Who are you, ' + way + '?'],
        ])
      })
  `,
}

const echo = completeWith(body => `I am: ${JSON.parse(body).messages[0].content}`)

interface Runs {
  provider: Provider
  gone: Provider
  recorded: Run
  replayed: Run
}

/** Runs the tests with a provider, and once more in CI when it is gone. */
async function recordAndReplay(project: Project, reply: Reply, args: string[] = []): Promise<Runs> {
  const provider = await startProvider(reply)
  const stopped = await startProvider(reply)
  await stopped.stop()
  const environment = { ...key, PROVIDER_URL: provider.url, GONE_URL: stopped.url }
  const recorded = await project.run([...settings, ...args], { ...environment, EXPECTED: 'recorded' })
  await provider.stop()
  // Whoever calls it is counted, and gets no answer.
  const gone = await startProvider((_, response) => void response.destroy())
  const replayed = await project.run([...settings, ...args], {
    PROVIDER_URL: gone.url,
    CI: 'true',
    EXPECTED: 'replayed',
  })
  await gone.stop()
  return { provider, gone, recorded, replayed }
}

const failures = (run: Run) => Object.entries(run.tests).filter(([, outcome]) => outcome !== 'passed')

test.each(['forks', 'threads', 'vmThreads'])(
  'whatever kind of process or thread a test starts, it answers its calls (%s)',
  async pool => {
    await using project = await createProject({
      ...files,
      'vitest.config.ts': config(`{ match: { host: false } }`),
    })
    const { provider, gone, recorded, replayed } = await recordAndReplay(project, echo, [`--pool=${pool}`])
    expect(failures(recorded), recorded.output).toEqual([])
    expect(provider.requests).toHaveLength(14)
    expect(failures(replayed), replayed.output).toEqual([])
    expect(gone.requests).toEqual([])
  },
)

const streams = {
  'openai.mjs': `
    import OpenAI from 'openai'
    const client = new OpenAI({ baseURL: process.env.PROVIDER_URL })
    const messages = [{ role: 'user', content: 'Count.' }]
    const events = await client.chat.completions.create({ model: 'test-model', messages, stream: true })
    for await (const event of events) {
      const word = event.choices[0].delta.content
      if (!word) continue
      console.log(word)
      // The provider goes on when it hears of the word.
      if (process.env.EXPECTED === 'recorded') await fetch(process.env.PROVIDER_URL + '/heard')
    }
  `,
  'chunks.mjs': `
    import http from 'node:http'
    const url = process.env.PROVIDER_URL + '/chat/completions'
    const ask = how => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ model: 'test-model', how }) })
    const show = chunk => console.log(Buffer.from(chunk).toString().trim())

    for await (const chunk of (await fetch(url, ask('fetch'))).body) show(chunk)
    const { body, ...options } = ask('node:http')
    http.request(url, options, response => response.on('data', show)).end(body)
  `,
  'leave.mjs': `
    const response = await fetch(process.env.PROVIDER_URL + '/chat/completions', { method: 'POST', body: '{"leave":true}' })
    let count = 0
    for await (const chunk of response.body) if (++count === 2) break
    console.log(count)
  `,
  'abort.mjs': `
    const signal = AbortSignal.timeout(1_000)
    const init = { method: 'POST', body: '{"hang":true}', signal }
    await fetch(process.env.PROVIDER_URL + '/chat/completions', init).then(response => response.text()).catch(error => console.log(error.name))
  `,
  'refused.mjs': `
    await fetch(process.env.GONE_URL + '/chat/completions', { method: 'POST', body: '{}' }).catch(error => console.log(error.message, error.cause.code))
  `,
  'broken.mjs': `
    const response = await fetch(process.env.PROVIDER_URL + '/chat/completions', { method: 'POST', body: '{"break":true}' })
    await response.text().catch(error => console.log(error.message, error.cause.code))
  `,
  'streams.test.ts': `
    import { execFile } from 'node:child_process'
    import { promisify } from 'node:util'
    import { describe, expect, test } from 'vitest'
    import { useCassette } from 'vitest-cassette'

    async function run(script) {
      // Node 22.12 warns of modules that are required, unless they are in node_modules, where the package is for everyone else.
      const options = ['--disable-warning=ExperimentalWarning', script]
      const { stdout, stderr } = await promisify(execFile)(process.execPath, options)
      return [...stdout.trim().split(/\\n+/), ...(stderr ? [stderr] : [])]
    }
    test('OpenAI', async () => {
      const cassette = useCassette('openai')
      expect(await run('openai.mjs')).toEqual(['one', 'two', 'three'])
      expect(cassette.calls.map(call => [call.outcome, call.text])).toEqual([[process.env.EXPECTED, 'onetwothree']])
    })
    test('chunks', async () => {
      const cassette = useCassette('chunks')
      const lines = await run('chunks.mjs')
      expect(lines).toHaveLength(12)
      for (const line of lines) expect(line).toMatch(/^data: [^\\n]*$/)
      expect(cassette.calls.map(call => call.outcome)).toEqual([process.env.EXPECTED, process.env.EXPECTED])
    })
    test('a client that leaves', async () => {
      const cassette = useCassette('leave')
      expect(await run('leave.mjs')).toEqual(['2'])
      expect(cassette.calls.map(call => call.outcome)).toEqual([process.env.EXPECTED])
    })
    test('a client that waits no longer', async () => {
      const cassette = useCassette('abort')
      expect(await run('abort.mjs')).toEqual(['TimeoutError'])
      expect(cassette.calls.map(call => call.outcome)).toEqual([process.env.EXPECTED])
    })
    test.runIf(process.env.EXPECTED === 'recorded')('a provider that is not there', async () => {
      useCassette('refused')
      expect(await run('refused.mjs')).toEqual(['fetch failed ECONNREFUSED'])
    })
    test('a connection that breaks', async () => {
      const cassette = useCassette('broken')
      expect(await run('broken.mjs')).toEqual(['terminated UND_ERR_SOCKET'])
      expect(cassette.calls.map(call => call.outcome)).toEqual([process.env.EXPECTED])
    })
  `,
}

test('what a process gets of a stream comes event by event, and ends as it ended', async () => {
  let heard = Promise.withResolvers<void>()
  const reply: Reply = async ({ body, url }, response) => {
    if (url.endsWith('/heard')) {
      heard.resolve()
      return void response.end()
    }
    const request = JSON.parse(body)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const [index, event] of chatEvents(['one', 'two', 'three']).entries()) {
      response.write(event)
      await sleep(20)
      if (request.break && index === 2) return void response.destroy()
      if (request.hang && index === 2) return
      if (!request.messages || index === 0 || index > 3) continue
      await heard.promise
      heard = Promise.withResolvers()
    }
    response.end()
  }
  await using project = await createProject({
    ...streams,
    'vitest.config.ts': config(`{ match: { host: false } }`),
  })
  const { gone, recorded, replayed } = await recordAndReplay(project, reply)
  expect(recorded.errors, recorded.output).toEqual({})
  expect(replayed.errors, replayed.output).toEqual({})
  expect(Object.values(recorded.tests)).toEqual(Array.from({ length: 6 }, () => 'passed'))
  expect(gone.requests).toEqual([])
})

test('a call that nothing answers, or nobody can, fails the test whatever its process makes of it', async () => {
  await using provider = await startProvider(echo)
  await using project = await createProject({
    'ask.mjs': asker,
    'http2.mjs': `
      import http2 from 'node:http2'
      const session = http2.connect(process.env.PROVIDER_URL)
      try { session.request({ ':method': 'POST', ':path': '/v1/chat/completions' }) } catch (error) { console.log(error.code) }
      session.destroy()
    `,
    'a.test.ts': `
      import { execFile, execFileSync, execSync, spawnSync } from 'node:child_process'
      import { promisify } from 'node:util'
      import { expect, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'

      const node = process.execPath
      const refused = /An LLM call of a child process was refused/
      test('a miss', async () => {
        useCassette('none', { mode: 'replay' })
        const { stdout } = await promisify(execFile)(node, ['ask.mjs', 'Who are you?'])
        expect(stdout).toMatch('No recording answers this LLM call.')
      })
      test('HTTP/2', async () => {
        useCassette('none')
        const { stdout } = await promisify(execFile)(node, ['http2.mjs'])
        expect(stdout.trim()).toBe('http2')
      })
      test('execFileSync', () => {
        useCassette('none')
        expect(execFileSync(node, ['ask.mjs', 'Who?'], { encoding: 'utf8' })).toMatch(refused)
      })
      test('execSync', () => {
        useCassette('none')
        expect(String(execSync('node ask.mjs Who'))).toMatch(refused)
      })
      test('spawnSync', () => {
        useCassette('none')
        expect(String(spawnSync(node, ['ask.mjs', 'Who?'], { env: { PROVIDER_URL: process.env.PROVIDER_URL } }).stdout)).toMatch(refused)
      })
      test('spawnSync without an LLM call', () => {
        useCassette('none')
        expect(String(spawnSync(node, ['--version']).stdout).trim()).toBe(process.version)
        expect(String(spawnSync(node, ['-e', '0'], { encoding: 'utf8' }).stderr)).toBe('')
      })
      test('live', () => {
        useCassette('none', { mode: 'live' })
        expect(execFileSync(node, ['ask.mjs', 'Who?'], { encoding: 'utf8' })).toBe('I am: Who?\\n')
      })
    `,
  })
  const { tests, errors, output } = await project.run(settings, { ...key, PROVIDER_URL: provider.url })
  expect(errors['a miss'], output).toContain('No recording answers this LLM call.')
  expect(errors['a miss']).toContain("CASSETTE_MODE=auto npx vitest run a.test.ts -t 'a miss'")
  expect(errors['HTTP/2'], output).toContain('An LLM call goes over HTTP/2')
  for (const test of ['execFileSync', 'execSync', 'spawnSync']) {
    expect(errors[test], output).toContain('An LLM call of a child process was refused')
    expect(errors[test]).toContain('Start the process with spawn, exec or execFile')
  }
  expect(tests['spawnSync without an LLM call'], output).toBe('passed')
  expect(tests.live, output).toBe('passed')
  expect(provider.requests).toHaveLength(1)
})

test('without a cassette a call goes its way, unless it carries a placeholder', async () => {
  await using provider = await startProvider(echo)
  await using project = await createProject({
    'ask.mjs': asker,
    'options.mjs': `console.log(process.env.NODE_OPTIONS ?? 'none', Object.keys(process.env).filter(name => /CASSETTE/.test(name)).join())`,
    'vitest.config.ts': `
      import { cassettes } from 'vitest-cassette/plugin'
      import { defineConfig } from 'vitest/config'
      export default defineConfig({ plugins: [cassettes()], test: { globalSetup: 'setup.ts' } })
    `,
    'setup.ts': `
      import { withCassette } from 'vitest-cassette/node'
      export const setup = () => withCassette('setup', () => {})
    `,
    'file-without.test.ts': `
      import { execFileSync } from 'node:child_process'
      import { expect, test } from 'vitest'
      test('starts processes', () => {
        expect(execFileSync(process.execPath, ['options.mjs'], { encoding: 'utf8' }).trim()).toBe('none')
      })
    `,
    'a.test.ts': `
      import { execFile } from 'node:child_process'
      import { promisify } from 'node:util'
      import { expect, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'

      const ask = async question => (await promisify(execFile)(process.execPath, ['ask.mjs', question])).stdout.trim()
      test('with a cassette', async () => {
        const cassette = useCassette('with')
        expect(await ask('One?')).toBe('I am: One?')
        expect(cassette.calls).toHaveLength(1)
      })
      test('without a cassette', async () => {
        expect(await ask('Two?')).toBe('I am: Two?')
      })
      test('without a cassette and key', async () => {
        process.env.OPENAI_API_KEY = 'vitest-cassette-placeholder-for-OPENAI_API_KEY'
        expect(await ask('Three?')).toMatch('This request was not sent: OPENAI_API_KEY is not set')
      })
    `,
  })
  const { exitCode, output } = await project.run(settings, { ...key, PROVIDER_URL: provider.url })
  expect(exitCode, output).toBe(0)
  expect(provider.requests.map(body => JSON.parse(body).messages[0].content)).toEqual(['One?', 'Two?'])
})

test('an app that runs as a process from before the tests is answered by the test that runs', async () => {
  await using project = await createProject({
    'server.mjs': `
      import http from 'node:http'
      const server = http.createServer(async (request, response) => {
        const question = decodeURIComponent(request.url.slice(1))
        const answer = await fetch(process.env.PROVIDER_URL + '/chat/completions', {
          method: 'POST',
          headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY },
          body: JSON.stringify({ model: 'test-model', messages: [{ role: 'user', content: question }] }),
        })
        response.end((await answer.json()).choices?.[0].message.content)
      })
      server.listen(0, '127.0.0.1', () => process.send(server.address().port))
    `,
    'vitest.config.ts': config(`{ match: { host: false } }`),
    'server.test.ts': `
      import { fork } from 'node:child_process'
      import { once } from 'node:events'
      import { afterAll, beforeAll, expect, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'

      let server
      let url
      beforeAll(async () => {
        server = fork('server.mjs')
        url = 'http://127.0.0.1:' + (await once(server, 'message'))[0] + '/'
      })
      afterAll(() => void server.kill())
      for (const question of ['one', 'two'])
        test(question, async () => {
          const cassette = useCassette(question)
          expect(await (await fetch(url + question)).text()).toBe('I am: ' + question)
          expect(cassette.calls.map(call => call.outcome)).toEqual([process.env.EXPECTED])
        })
    `,
  })
  const { gone, recorded, replayed } = await recordAndReplay(project, echo)
  expect(failures(recorded), recorded.output).toEqual([])
  expect(failures(replayed), replayed.output).toEqual([])
  expect(gone.requests).toEqual([])
})

test('a call of a process that outlives its test does not go out, and fails the file', async () => {
  await using provider = await startProvider(echo)
  await using project = await createProject({
    'late.mjs': `
      process.on('message', async () => {
        const response = await fetch(process.env.PROVIDER_URL + '/chat/completions', { method: 'POST', body: '{}' })
        process.send((await response.json()).error?.message ?? 'answered', () => process.disconnect())
      })
    `,
    'a.test.ts': `
      import { fork } from 'node:child_process'
      import { once } from 'node:events'
      import { afterAll, expect, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      let child
      test('starts it', () => {
        useCassette('none')
        child = fork('late.mjs')
      })
      afterAll(async () => {
        child.send('go')
        expect((await once(child, 'message'))[0]).toMatch('An LLM call belongs to no test that could be told')
      })
    `,
  })
  const { tests, exitCode, output } = await project.run(settings, { CI: 'true', PROVIDER_URL: provider.url })
  expect(tests, output).toEqual({ 'starts it': 'passed' })
  expect(output).toContain('Wait in the test for the code that makes the call')
  expect(exitCode).toBe(1)
  expect(provider.requests).toEqual([])
})

test('the server for processes answers neither strangers nor web pages', async () => {
  await using project = await createProject({
    'a.test.ts': `
      import { execFile } from 'node:child_process'
      import { promisify } from 'node:util'
      import { expect, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      test('asks it', async () => {
        useCassette('none', { mode: 'replay' })
        const code = 'console.log(JSON.parse(process.env.VITEST_CASSETTE_INVITATION).door)'
        const door = (await promisify(execFile)(process.execPath, ['-e', code])).stdout.trim()
        const status = async (url, headers) => (await fetch(url, { method: 'POST', headers })).status
        const path = '/https/models.example.com/list'
        expect(await status(door + path, { origin: 'http://localhost:3000' })).toBe(403)
        expect(await status(door.slice(0, -1) + path)).toBe(410)
        expect(await status(door)).toBe(400)
        expect(await status(door + path)).toBe(204)
        expect(door).toMatch(/^http:\\/\\/127\\.0\\.0\\.1:\\d+\\/[0-9a-f]{32}$/)
      })
    `,
  })
  const { errors, tests, output } = await project.run(settings)
  expect(errors, output).toEqual({})
  expect(tests).toEqual({ 'asks it': 'passed' })
})

test('Vitest in a process of a test has its own cassettes', async () => {
  await using provider = await startProvider(echo)
  await using project = await createProject({
    'ask.mjs': asker,
    'inner/vitest.config.ts': config(`{}`),
    'inner/inner.test.ts': `
      import { execFile } from 'node:child_process'
      import { promisify } from 'node:util'
      import { expect, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      test('asks', async () => {
        const cassette = useCassette('inner')
        const response = await fetch(process.env.PROVIDER_URL + '/chat/completions', {
          method: 'POST',
          body: JSON.stringify({ model: 'test-model', messages: [{ role: 'user', content: 'here' }] }),
        })
        expect((await response.json()).choices[0].message.content).toBe('I am: here')
        expect((await promisify(execFile)(process.execPath, ['../ask.mjs', 'there'])).stdout.trim()).toBe('I am: there')
        expect(cassette.calls.map(call => call.outcome)).toEqual(['recorded', 'recorded'])
      })
    `,
    'outer.test.ts': `
      import { execFile } from 'node:child_process'
      import { promisify, stripVTControlCharacters } from 'node:util'
      import { expect, test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      for (const pool of ['forks', 'threads'])
        test(pool, async () => {
          const cassette = useCassette('outer')
          const { VITEST, VITEST_WORKER_ID, VITEST_POOL_ID, VITEST_MODE, ...env } = process.env
          const { stdout } = await promisify(execFile)(
            process.execPath, [process.env.VITEST_MAIN, 'run', '--pool=' + pool], { cwd: 'inner', env: { ...env, CASSETTE_MODE: 'record' } },
          )
          expect(stripVTControlCharacters(stdout)).toContain('2 recorded')
          expect(cassette.calls).toEqual([])
        })
    `,
  })
  const { errors, exitCode, output } = await project.run([...settings, 'outer.test.ts'], {
    ...key,
    PROVIDER_URL: provider.url,
    VITEST_MAIN: path.resolve(import.meta.dirname, '../../node_modules/vitest/vitest.mjs'),
  })
  expect(errors, output).toEqual({})
  expect(exitCode, output).toBe(0)
  expect(await project.files('inner/cassettes')).toEqual(['inner.json'])
  expect(await project.files('cassettes')).toEqual([])
  expect(provider.requests).toHaveLength(4)
})

test.skipIf(process.platform === 'win32')(
  'a program that is not Node, and gets a key along, is noted',
  async () => {
    await using project = await createProject({
      'bin/talk': '#!/bin/sh\necho talked\n',
      'bin/app': `#!/usr/bin/env node\nconsole.log('ran')\n`,
      'a.test.ts': `
      import { execFileSync, execSync, exec } from 'node:child_process'
      import { chmodSync } from 'node:fs'
      import { promisify } from 'node:util'
      import { test } from 'vitest'
      import { useCassette } from 'vitest-cassette'
      chmodSync('bin/talk', 0o755)
      chmodSync('bin/app', 0o755)
      test('starts programs', async () => {
        useCassette('none')
        execFileSync('bin/talk')
        execSync('cd bin && A=1 ./talk | cat')
        await promisify(exec)('node --version; bin/app && git --version')
        execFileSync('bin/talk', { env: { PATH: process.env.PATH } })
      })
    `,
      'reporter.mjs': `
      export default class {
        onTestModuleEnd(module) { console.log('META', JSON.stringify(module.meta())) }
      }
    `,
    })
    const { output } = await project.run(['--reporter=./reporter.mjs'], key)
    expect(JSON.parse(/META (.*)/.exec(output)![1]!)).toEqual({
      'uncovered-llm-calls': [{ host: 'talk', test: 'starts programs', kind: 'process', count: 2 }],
    })
  },
)

function config(options: string): string {
  return `
    import { cassettes } from 'vitest-cassette/plugin'
    import { defineConfig } from 'vitest/config'
    export default defineConfig({ plugins: [cassettes(${options})], test: { include: ['*.test.ts'] } })
  `
}
