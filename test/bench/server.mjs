// A provider on this machine: node server.mjs <ms between two events>. Prints its port.
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { eventsOf, headers, numberOf } from './talk.mjs'

const gap = Number(process.argv[2] ?? 0)
const server = createServer(async (request, response) => {
  if (request.method === 'GET') return void response.end('warm')
  const events = eventsOf(numberOf(await text(request)))
  response.writeHead(200, headers)
  for (const event of events) {
    response.write(event)
    if (gap > 0) await new Promise(resolve => setTimeout(resolve, gap))
  }
  response.end()
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
process.stdin.on('end', () => process.exit()).resume()
