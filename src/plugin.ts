import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vitest/config'
import { checkOptions, type CassetteOptions } from './scope/options.ts'
import { printSettings } from './vitest/print-settings.ts'

export type { CassetteOptions }

const setupModule = 'virtual:vitest-cassette/setup'

/**
 * The Vitest plugin: puts the interceptor in place before any module of the app loads, and opens a scope around every
 * test.
 *
 * @param options for all cassettes of the project
 * @throws {CassetteError} `bad-option`
 *
 * @example
 * // vitest.config.ts
 * import { defineConfig } from 'vitest/config'
 * import { cassettes } from 'vitest-cassette/plugin'
 *
 * export default defineConfig({ plugins: [cassettes({ dir: 'fixtures' })] })
 */
export function cassettes(options: CassetteOptions = {}): Plugin {
  checkOptions(options, 'cassettes()')
  const update = new Map<string, string>()
  return {
    name: 'vitest-cassette',
    resolveId: id => (id.startsWith(setupModule) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${setupModule}`)) return undefined
      const root = decodeURIComponent(id.slice(id.indexOf('?root=') + 6))
      const runtime = fileURLToPath(new URL('./vitest/setup-cassettes.js', import.meta.url))
      const settings = printSettings({ options, root, update: update.get(root) ?? 'new' })
      return `import { setUp } from ${JSON.stringify(runtime)}\nsetUp(${settings})\n`
    },
    configureVitest({ project, vitest }) {
      const { root } = project.config
      update.set(root, vitest.config.snapshotOptions.updateSnapshot)
      project.config.setupFiles.unshift(`${setupModule}?root=${encodeURIComponent(root)}`)
    },
  }
}
