import { createServer } from 'node:https'
import { mkdtempSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import tls from 'node:tls'
import { generate } from 'selfsigned'
import { expect, onTestFinished, test } from 'vitest'
import { withCassette } from 'vitest-cassette/node'

// In a file of its own: with undici loaded, calls are sent through the interceptor of MSW, which leaves the protocol (ALPN) out.
test('a call that is recorded over TLS is checked against the certificates that Node trusts', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  })
  const names: unknown[] = []
  const server = createServer({ key, cert, ALPNProtocols: ['h2', 'http/1.1'] }, (request, response) => {
    const { servername, alpnProtocol } = request.socket as tls.TLSSocket
    names.push(servername, alpnProtocol)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[]}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `https://localhost:${(server.address() as AddressInfo).port}/v1/chat/completions`
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"model":"m"}' }
  const dir = mkdtempSync(path.join(tmpdir(), 'connections-'))
  const record = () => withCassette('tls', async () => (await fetch(url, init)).text(), { dir, mode: 'auto' })

  await expect(record()).rejects.toMatchObject({ cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } })
  const trusted = tls.getCACertificates('default')
  tls.setDefaultCACertificates([...trusted, cert])
  onTestFinished(() => tls.setDefaultCACertificates(trusted))
  expect(await record()).toBe('{"choices":[]}')
  expect(names).toEqual(['localhost', 'http/1.1'])
})
