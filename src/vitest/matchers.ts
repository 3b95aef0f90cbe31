import type { Call, Cassette } from '../session/call.ts'
import { formatConversation, formatUsage, escapeControls } from '../conversation/format.ts'
import { requestLine } from '../explain/miss.ts'

/** What a matcher of Vitest knows, as far as it is needed here; the same in Vitest 4.1 and 5. */
interface Context {
  isNot: boolean
  equals: (left: unknown, right: unknown, testers?: never[], strict?: boolean) => boolean
  utils: { stringify: (value: unknown, depth?: number, options?: { min?: boolean }) => string }
}

interface Result {
  pass: boolean
  message: () => string
}

/** The matchers, as `expect.extend` takes them. See `vitest-cassette/matchers` for what each does. */
export const matchers = {
  toHaveCalledModel(this: Context, received: unknown, model: string | RegExp): Result {
    const { calls } = cassetteOf(received, 'toHaveCalledModel')
    const names = calls.flatMap(({ conversation }) => [
      conversation.model ?? [],
      conversation.modelVersion ?? [],
    ])
    const pass = names.flat().some(name => isModel(name, model))
    return result(this, { pass, calls, wanted: `a call to the model ${String(model)}` })
  },

  toHaveCalledTool(this: Context, received: unknown, name: string, args?: unknown): Result {
    const { calls } = cassetteOf(received, 'toHaveCalledTool')
    const called = calls
      .flatMap(({ conversation }) => conversation.answers)
      .flatMap(({ toolCalls = [] }) => toolCalls)
      .filter(call => call.name === name)
    const pass = called.some(call => args === undefined || contains(this, call.arguments, args))
    const wanted = `a call of the tool ${name}${args === undefined ? '' : ` with ${this.utils.stringify(args, 10, { min: true })}`}`
    return result(this, { pass, calls, wanted })
  },

  toHaveBeenFullyPlayed(this: Context, received: unknown): Result {
    const { calls, unplayed } = cassetteOf(received, 'toHaveBeenFullyPlayed')
    const left = unplayed.map(({ request }) => `  ${escapeControls(requestLine(request))}`)
    const pass = left.length === 0
    const message = () =>
      pass
        ? `Expected recordings that are not played, but all are.\n\n${printCalls(calls)}`
        : `Expected every recording to be played, but ${left.length === 1 ? 'one is' : `${left.length} are`} not:\n` +
          `${left.join('\n')}\n\n${printCalls(calls)}`
    return { pass, message }
  },

  toHaveUsedFewerTokensThan(this: Context, received: unknown, limit: number): Result {
    const { calls } = cassetteOf(received, 'toHaveUsedFewerTokensThan')
    const counted = calls.flatMap(({ usage }) => usage?.totalTokens ?? [])
    const used = counted.reduce((sum, tokens) => sum + tokens, 0)
    const unknown = calls.length - counted.length
    // What was not counted is not zero: no verdict on it can pass.
    const pass = used < limit && (unknown === 0 || this.isNot)
    const not = unknown === 0 ? '' : `, and ${unknown} of ${calls.length} calls do not say`
    return result(this, { pass, calls, wanted: `fewer than ${limit} tokens`, found: `${used}${not}` })
  },
}

interface Verdict {
  pass: boolean
  calls: readonly Call[]
  wanted: string
  found?: string
}

function result({ isNot }: Context, { pass, calls, wanted, found }: Verdict): Result {
  const but = found === undefined ? '' : `, found ${found}`
  return { pass, message: () => `Expected ${isNot ? 'not ' : ''}${wanted}${but}.\n\n${printCalls(calls)}` }
}

/** The calls, each with its conversation. */
function printCalls(calls: readonly Call[]): string {
  if (calls.length === 0) return 'The test made no call so far.'
  const shown = calls.map(({ request, outcome, conversation }, index) => {
    const usage = conversation.usage ? `, ${formatUsage(conversation.usage)}` : ''
    const title = `call ${index + 1} (${outcome}${usage}): ${escapeControls(requestLine(request))}`
    return `${title}\n${formatConversation(conversation).replace(/^/gm, '  ')}`
  })
  return shown.join('\n\n')
}

function cassetteOf(received: unknown, matcher: string): Cassette {
  const calls = (received as Partial<Cassette> | undefined | null)?.calls
  if (Array.isArray(calls)) return received as Cassette
  throw new TypeError(`${matcher} expects a cassette: expect(useCassette('…')).${matcher}(…)`)
}

function isModel(name: string, model: string | RegExp): boolean {
  return typeof model === 'string'
    ? name === model
    : new RegExp(model.source, model.flags.replace(/[gy]/g, '')).test(name)
}

/** Everything that is expected is there, and may be more; asymmetric matchers decide themselves. */
function contains(context: Context, received: unknown, expected: unknown): boolean {
  if (context.equals(received, expected)) return true
  if (!isPlain(expected) || !isPlain(received)) return false
  return Object.entries(expected).every(
    ([key, value]) => Object.hasOwn(received, key) && contains(context, received[key], value),
  )
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
