import type { CassetteOptions } from '../session/options.ts'
import { serializeOptions, readOptions } from '../session/serialize-options.ts'

/** What the plugin, or a setup file, tells a worker. */
export interface RuntimeSettings {
  options: CassetteOptions
  /** The project's root, absolute. */
  root: string
  /** Vitest's resolved snapshot update mode where the plugin could tell; `none` means CI. */
  update?: string
  /** Whether the tests of the current file run by now; before that they are being defined. */
  running?: boolean
}

/** The name under which the plugin provides the settings to its workers. */
export const providedAs = 'vitest-cassette'

export function serializeSettings(settings: RuntimeSettings): string {
  return serializeOptions(settings)
}

export function readSettings(text: string): RuntimeSettings {
  return readOptions(text) as RuntimeSettings
}
