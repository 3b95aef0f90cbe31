#!/usr/bin/env bash
# @mswjs/interceptors 0.45.12, on Node 22.12 and newer: a TLS connection that nobody answers, and that goes its way.
#
# A good guess: a client that waits for `secureConnect` before it writes sees it after the real handshake, with
# `socket.authorized` true where the server's certificate is trusted.
# What happens: HttpRequestInterceptor emits `secureConnect` to such a client before any connection is made, so that it
# writes its first bytes, by which the interceptor learns whether the request is one to answer. At that time `authorized` is
# false. Once the client has written, the real handshake takes place, and then `authorized` is true. A client that refuses to
# write where `authorized` is false in its `secureConnect` listener therefore never gets further.
#
# Output seen: "without: true" and "with: false, after the answer true".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund @mswjs/interceptors@0.45.12
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost 2> /dev/null
cat > probe.js <<'EOF'
import { readFileSync } from 'node:fs'
import https from 'node:https'
import tls from 'node:tls'
import { HttpRequestInterceptor } from '@mswjs/interceptors/http'

const [key, cert] = [readFileSync('key.pem'), readFileSync('cert.pem')]
const server = https.createServer({ key, cert }, (request, response) => response.end('hello'))
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))

async function ask() {
  const socket = tls.connect({ host: 'localhost', port: server.address().port, servername: 'localhost', ca: cert })
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
  const atSecureConnect = socket.authorized
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
  await new Promise(resolve => socket.once('data', resolve))
  const afterAnswer = socket.authorized
  socket.destroy()
  return { atSecureConnect, afterAnswer }
}

const without = await ask()
const interceptor = new HttpRequestInterceptor()
interceptor.on('request', () => {})
interceptor.apply()
const within = await ask()
interceptor.dispose()
server.closeAllConnections()
server.close()
console.log(`without: ${without.atSecureConnect}`)
console.log(`with: ${within.atSecureConnect}, after the answer ${within.afterAnswer}`)
EOF
found=$(node probe.js)
echo "$found"
[ "$found" = "without: true
with: false, after the answer true" ] || { echo 'This has changed.' >&2; exit 1; }
