import type { Call, Cassette } from '../session/call.ts'
import { formatConversation, formatUsage, escapeControls } from '../conversation/format.ts'
import { requestLine } from '../explain/miss.ts'

/** The part of a matcher's `this` that is needed here. Vitest 4.1 and 5 both have it. */
interface MatcherContext {
  isNot: boolean
  equals: (left: unknown, right: unknown, testers?: never[], strict?: boolean) => boolean
  utils: { stringify: (value: unknown, depth?: number, options?: { min?: boolean }) => string }
}

interface MatcherResult {
  pass: boolean
  message: () => string
}

/** The matchers, as `expect.extend` takes them. See `vitest-cassette/matchers` for what each does. */
export const matchers = {
  toHaveCalledModel(this: MatcherContext, received: unknown, model: string | RegExp): MatcherResult {
    const { calls } = expectCassette(received, 'toHaveCalledModel')
    const names = calls.flatMap(({ conversation }) => [conversation.model, conversation.modelVersion])
    const pass = names.some(name => name !== undefined && matchesModel(name, model))
    return judge(this, { pass, calls, wanted: `a call to the model ${String(model)}` })
  },

  toHaveCalledTool(this: MatcherContext, received: unknown, name: string, args?: unknown): MatcherResult {
    const { calls } = expectCassette(received, 'toHaveCalledTool')
    const called = calls
      .flatMap(({ conversation }) => conversation.answers)
      .flatMap(({ toolCalls = [] }) => toolCalls)
      .filter(call => call.name === name)
    const pass = called.some(call => args === undefined || contains(this, call.arguments, args))
    const withArgs = args === undefined ? '' : ` with ${this.utils.stringify(args, 10, { min: true })}`
    return judge(this, { pass, calls, wanted: `a call of the tool ${name}${withArgs}` })
  },

  toHaveBeenFullyPlayed(this: MatcherContext, received: unknown): MatcherResult {
    const { calls, unplayed } = expectCassette(received, 'toHaveBeenFullyPlayed')
    const pass = unplayed.length === 0
    const message = () => {
      if (pass) return `Expected recordings that are not played, but all are.\n\n${formatCalls(calls)}`
      const number = unplayed.length === 1 ? 'one is' : `${unplayed.length} are`
      const lines = unplayed.map(({ request }) => `  ${escapeControls(requestLine(request))}\n`)
      return `Expected every recording to be played, but ${number} not:\n${lines.join('')}\n${formatCalls(calls)}`
    }
    return { pass, message }
  },

  toHaveUsedFewerTokensThan(this: MatcherContext, received: unknown, limit: number): MatcherResult {
    const { calls } = expectCassette(received, 'toHaveUsedFewerTokensThan')
    const counted = calls.flatMap(({ usage }) => usage?.totalTokens ?? [])
    const used = counted.reduce((sum, tokens) => sum + tokens, 0)
    const unknown = calls.length - counted.length
    // A call that does not say how many tokens it used may have used any number, so neither verdict can pass.
    const pass = used < limit && (unknown === 0 || this.isNot)
    const silent = unknown === 0 ? '' : `, and ${unknown} of ${calls.length} calls do not say`
    return judge(this, { pass, calls, wanted: `fewer than ${limit} tokens`, found: `${used}${silent}` })
  },
}

interface Verdict {
  pass: boolean
  calls: readonly Call[]
  wanted: string
  found?: string
}

function judge({ isNot }: MatcherContext, { pass, calls, wanted, found }: Verdict): MatcherResult {
  const but = found === undefined ? '' : `, found ${found}`
  return { pass, message: () => `Expected ${isNot ? 'not ' : ''}${wanted}${but}.\n\n${formatCalls(calls)}` }
}

/** The calls, each with its conversation. */
function formatCalls(calls: readonly Call[]): string {
  if (calls.length === 0) return 'The test made no call so far.'
  const blocks = calls.map(({ request, outcome, conversation }, index) => {
    const usage = conversation.usage ? `, ${formatUsage(conversation.usage)}` : ''
    const title = `call ${index + 1} (${outcome}${usage}): ${escapeControls(requestLine(request))}`
    return `${title}\n${formatConversation(conversation).replace(/^/gm, '  ')}`
  })
  return blocks.join('\n\n')
}

function expectCassette(received: unknown, matcher: string): Cassette {
  const calls = (received as Partial<Cassette> | undefined | null)?.calls
  if (Array.isArray(calls)) return received as Cassette
  throw new TypeError(`${matcher} expects a cassette: expect(useCassette('…')).${matcher}(…)`)
}

function matchesModel(name: string, model: string | RegExp): boolean {
  return typeof model === 'string'
    ? name === model
    : new RegExp(model.source, model.flags.replace(/[gy]/g, '')).test(name)
}

/** Whether everything that is expected is there, maybe among more. Asymmetric matchers decide for themselves. */
function contains(context: MatcherContext, received: unknown, expected: unknown): boolean {
  if (context.equals(received, expected)) return true
  if (!isPlain(expected) || !isPlain(received)) return false
  return Object.entries(expected).every(
    ([key, value]) => Object.hasOwn(received, key) && contains(context, received[key], value),
  )
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
