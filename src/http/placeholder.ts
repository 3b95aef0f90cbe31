import { placeholderPrefix } from '../providers.ts'
import { refuse } from './refuse.ts'

const placeholder = new RegExp(`${placeholderPrefix}(\\w+)`)

/** The environment variable whose placeholder a request carries, if it does. Such a request is never sent. */
export function missingKeyOf(request: Request): string | undefined {
  return placeholder.exec([request.url, ...request.headers.values()].join('\n'))?.[1]
}

/**
 * The refusal of a request that carries a placeholder, which nobody may get.
 *
 * @param maker a sentence that says who makes the request, and why no cassette answers it
 * @returns `undefined` where the request carries none
 */
export function refusePlaceholder(request: Request, maker: string): Response | undefined {
  const variable = missingKeyOf(request)
  if (variable === undefined) return undefined
  return refuse(
    request.url,
    `This request was not sent: ${variable} is not set, and a placeholder of vitest-cassette stands in it.\n` +
      `${maker} Call useCassette() in the test, or set ${variable}.`,
  )
}
