import { createServer, type Server } from 'node:http'
import OpenAI from 'openai'

/** Answers `GET /?q=...` with what a model says. */
export function createApp(): Server {
  const client = new OpenAI()
  return createServer((request, response) => {
    const question = new URL(request.url ?? '/', 'http://localhost').searchParams.get('q') ?? ''
    client.chat.completions
      .stream({
        model: 'gpt-4o',
        messages: [{ role: 'user', content: question }],
        stream_options: { include_usage: true },
      })
      .finalContent()
      .then(
        answer => response.end(answer),
        (error: Error) => response.writeHead(502).end(error.message),
      )
  })
}
