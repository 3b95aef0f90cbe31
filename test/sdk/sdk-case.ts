import type { Body } from './body.ts'

/** One call of one SDK, and what the provider answers to it. */
export interface SdkCase {
  /** Packages, as they stand in package.json. */
  sdk: string[]
  /** The call, as its documentation names it. */
  call: string
  /** The provider's answers: to the first request, the second, and so on. */
  plays: Body[]
  /** The provider sends so many events and then no more, until the app leaves. */
  stallsAfter?: number
  /** The provider breaks the connection where the last body ends. */
  breaksOff?: boolean
  /** Paths that no known API has: they count as LLM calls on the provider's own host only. */
  include?: string[]
  /** Makes the call and returns what the SDK returned, as plain data. */
  run: (origin: string) => Promise<unknown>
  /** What the result says, so that an SDK that understood nothing does not pass. */
  shows: string
}

/** Everything that an asynchronous list yields, and the error with which it ended, if it did. */
export async function collect<Item>(
  items: AsyncIterable<Item>,
  seen: (item: Item) => unknown = item => item,
): Promise<unknown[]> {
  const collected: unknown[] = []
  try {
    for await (const item of items) collected.push(seen(item))
  } catch (error) {
    collected.push(describeError(error))
  }
  return collected
}

/** What an app sees of an error. */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { status, statusCode, code, type, error: body } = error as unknown as Record<string, unknown>
  return { threw: error.name, message: error.message, status, statusCode, code, type, body }
}
