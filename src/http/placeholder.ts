import { placeholderPrefix } from '../providers.ts'

const placeholder = new RegExp(`${placeholderPrefix}(\\w+)`)

/** The environment variable whose placeholder a request carries, if it does. Such a request is never sent. */
export function missingKeyOf(request: Request): string | undefined {
  return placeholder.exec([request.url, ...request.headers.values()].join('\n'))?.[1]
}
