import type { HttpHandler } from 'msw/http'
import { load } from '../load.ts'

type Run = HttpHandler['run']

/**
 * A handler for MSW's own use. What MSW does for each call of an `http.all()`, which is to copy the request with its body
 * and its signal and to make a signal of its own, costs more than the answer, which needs none of it.
 *
 * @param answer resolves with `undefined` where the request is left to other handlers
 */
export function handlerWith(answer: (request: Request) => Promise<Response | undefined>): HttpHandler {
  const Base = load('msw/http').HttpHandler
  class AnswerHandler extends Base {
    override async run({ request, requestId }: Parameters<Run>[0]): ReturnType<Run> {
      const response = await answer(request)
      return response ? { handler: this, request, requestId, response } : null
    }
  }
  return new AnswerHandler(
    /.+/,
    () => true,
    () => undefined,
  )
}
