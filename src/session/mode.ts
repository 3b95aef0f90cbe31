import { CassetteError } from '../errors.ts'

export const modes = ['auto', 'replay', 'record', 'live'] as const

/**
 * - `auto`: replay what is recorded, record what is not
 * - `replay`: never use the network; a request that is not recorded fails the test
 * - `record`: record everything of the scope again
 * - `live`: pass everything through, read and write nothing
 */
export type Mode = (typeof modes)[number]

export interface ResolvedMode {
  mode: Mode
  /** Why: `CASSETTE_MODE`, an option, CI. */
  reason: string
}

/** What may decide, strongest first. */
export interface ModeSources {
  environment: string | undefined
  call: Mode | undefined
  plugin: Mode | undefined
  /** Why this run counts as CI, if it does. */
  ci: string | undefined
}

/** @throws {CassetteError} `bad-option` for an unknown word in `CASSETTE_MODE` */
export function resolveMode({ environment, call, plugin, ci }: ModeSources): ResolvedMode {
  if (environment !== undefined && environment !== '') {
    const mode = modes.find(known => known === environment)
    if (!mode)
      throw new CassetteError(
        'bad-option',
        `CASSETTE_MODE=${environment} is not a mode. Use one of ${modes.join(', ')}.`,
      )
    return { mode, reason: `CASSETTE_MODE=${mode}` }
  }
  if (call) return { mode: call, reason: `option of this cassette` }
  if (plugin) return { mode: plugin, reason: 'option of the plugin' }
  return ci === undefined ? { mode: 'auto', reason: 'default' } : { mode: 'replay', reason: ci }
}
