import type { CassetteOptions } from '../session/options.ts'

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

/** Settings as text, for every kind of worker; JSON but for the patterns in it. */
export function printSettings(settings: RuntimeSettings): string {
  return JSON.stringify(settings, (_, value: unknown) =>
    value instanceof RegExp ? { __pattern__: [value.source, value.flags] } : value,
  )
}

export function readSettings(text: string): RuntimeSettings {
  return JSON.parse(text, (_, value: unknown) =>
    isPattern(value) ? new RegExp(...value.__pattern__) : value,
  ) as RuntimeSettings
}

function isPattern(value: unknown): value is { __pattern__: [source: string, flags: string] } {
  return typeof value === 'object' && value !== null && '__pattern__' in value
}
