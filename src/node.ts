import path from 'node:path'
import { preloadInVmContext } from './load.ts'
import type { Cassette } from './session/call.ts'
import { resolveMode } from './session/mode.ts'
import { checkOptions } from './session/check-options.ts'
import { defaultDir, type CassetteOptions } from './session/options.ts'
import { endScope, install, openCassette, runScope } from './process/calls.ts'
import { setPlaceholderKeys } from './process/environment.ts'
import { openToChildren } from './server/invite.ts'
import { leaveTest } from './server/leave.ts'
import { Scope } from './session/scope.ts'
import { Session } from './session/session.ts'
import { relativePath } from './store/relative-path.ts'

export { CassetteError, type CassetteErrorCode, type CassetteErrorDetails } from './errors.ts'
export type { Call, CallResponse, Cassette } from './session/call.ts'
export type { Answer, Conversation, Message, ToolCall, Usage } from './conversation/conversation.ts'
export type { CassetteOptions }

/**
 * Answers the LLM calls of a piece of code from a cassette, outside of Vitest: in scripts, `globalSetup`, other test
 * runners. Imports nothing of Vitest.
 *
 * In CI (`process.env.CI` that is not empty, `0` or `false`) the mode is `replay`, else `auto`.
 *
 * @param name relative to the cassette folder, which is `cassettes` in the working directory unless `options.dir` says so
 * @param work is called at once; its LLM calls, and those of what it awaits, are answered by the cassette
 * @returns what `work` returns
 * @throws {CassetteError} `miss`, if a call was not answered, even where `work` took it well; what `work` threw is its
 * `cause`. `bad-name`, `bad-option`, `bad-cassette`, `not-writable`.
 *
 * @example
 * const answer = await withCassette('capital-question', () => ask('What is the name of the US captial?'))
 */
export async function withCassette<Result>(
  name: string,
  work: (cassette: Cassette) => Result | Promise<Result>,
  options: CassetteOptions = {},
): Promise<Result> {
  checkOptions(options, `withCassette('${name}')`)
  const root = process.cwd()
  const mode = resolveMode({
    environment: process.env.CASSETTE_MODE,
    call: options.mode,
    plugin: undefined,
    ci: isCi(process.env.CI) ? `CI=${process.env.CI}` : undefined,
  })
  if (mode.mode === 'auto' || mode.mode === 'replay') setPlaceholderKeys(process.env)
  const loading = preloadInVmContext()
  if (loading) await loading
  leaveTest()
  openToChildren()
  install()
  const scope = new Scope({ kind: 'script', command: `CASSETTE_MODE=auto ${commandOf(root)}` })
  const dir = path.resolve(root, options.dir ?? defaultDir)
  const cassette = openCassette(
    scope,
    name,
    owner => new Session(name, { ...options, dir, root, resolveMode: () => mode }, owner),
  )
  let result: Result
  try {
    result = await runScope(scope, async () => work(cassette))
  } catch (error) {
    await endScope(scope, false).catch((closing: unknown) => {
      throw Object.assign(closing as Error, { cause: error })
    })
    throw error
  }
  await endScope(scope, true)
  return result
}

function isCi(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value)
}

/** How this process was started: with a script, or by a test runner, which knows its own command best. */
function commandOf(root: string): string {
  const script = relativePath(root, process.argv[1] ?? '')
  return script.split('/').includes('node_modules')
    ? '(and the command that you have just run)'
    : `node ${script}`
}
