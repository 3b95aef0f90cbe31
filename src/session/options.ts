import type { MatchOptions } from '../match/normalize.ts'
import type { Timing } from '../http/timing.ts'
import type { RedactOptions } from '../redact/redactor.ts'
import type { Mode } from './mode.ts'

/** The cassette folder, relative to the project's root, unless the option `dir` says otherwise. */
export const defaultDir = 'cassettes'

/** For one cassette, or, given to the plugin, for all. */
export interface CassetteOptions {
  /** When to record and when to replay. Default: `auto`, in CI `replay`. */
  mode?: Mode
  /** What of a request counts when it is compared with the recorded ones. */
  match?: MatchOptions
  /** The last recording of a request answers every further one. Default: `false`, each plays once. */
  repeat?: boolean
  /** When the events of a replayed stream come. Default: `'instant'`. */
  timing?: Timing
  /** Records 401, 403, 408, 409, 429 and 5xx too, which are otherwise passed to the app only. Default: `false`. */
  recordErrors?: boolean
  /** What is taken out of recordings besides known key formats and the values of secret-looking environment variables. */
  redact?: RedactOptions
  /** Hosts (`llm.example.com`), paths (`/v1/rerank`) or patterns of the URL that count as LLM calls besides the known ones. */
  include?: (string | RegExp)[]
  /** Hosts, paths or patterns that do not count. */
  exclude?: (string | RegExp)[]
  /** The cassette folder, relative to the project's root. Default: `cassettes`. */
  dir?: string
}

/** The call's options over the plugin's; `match` is joined option by option, and `redact` only ever grows. */
export function mergeOptions(base: CassetteOptions, own: CassetteOptions): CassetteOptions {
  return {
    ...base,
    ...own,
    match: { ...base.match, ...own.match },
    redact: joinRedaction(base.redact, own.redact),
  }
}

function joinRedaction(base: RedactOptions = {}, own: RedactOptions = {}): RedactOptions {
  const custom = own.custom ?? base.custom
  return {
    values: [...(base.values ?? []), ...(own.values ?? [])],
    patterns: [...(base.patterns ?? []), ...(own.patterns ?? [])],
    headers: [...(base.headers ?? []), ...(own.headers ?? [])],
    ...(custom ? { custom } : {}),
  }
}
