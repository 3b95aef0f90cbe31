import path from 'node:path'
import { expect } from 'vitest'
import { defaultDir, mergeOptions, type CassetteOptions } from '../session/options.ts'
import { resolveMode } from '../session/mode.ts'
import type { SessionOptions } from '../session/session.ts'
import type { RuntimeSettings } from './settings.ts'

const symbol = Symbol.for('vitest-cassette.settings')
const shared = globalThis as { [symbol]?: RuntimeSettings }

export function setSettings(settings: RuntimeSettings): void {
  shared[symbol] = settings
}

export function settings(): RuntimeSettings {
  return shared[symbol] ?? { options: {}, root: process.cwd() }
}

/** The options of one cassette, with the plugin's below them. */
export function sessionOptions(call: CassetteOptions): SessionOptions {
  const { options: plugin, root } = settings()
  const merged = mergeOptions(plugin, call)
  return {
    ...merged,
    root,
    dir: path.resolve(root, merged.dir ?? defaultDir),
    resolveMode: () =>
      resolveMode({
        environment: process.env.CASSETTE_MODE,
        call: call.mode,
        plugin: plugin.mode,
        ci: ciReason(),
      }),
  }
}

/** Vitest's own word for CI: it updates nothing then, snapshots or cassettes. */
function ciReason(): string | undefined {
  const update = settings().update ?? snapshotUpdate()
  return update === 'none' ? "CI: Vitest runs with update 'none'" : undefined
}

/** Set once a test of the file has started; in the hooks before, it is not there yet. */
function snapshotUpdate(): string | undefined {
  const { snapshotState } = expect.getState()
  return (snapshotState as { snapshotUpdateState?: string } | undefined)?.snapshotUpdateState
}
