import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vitest/config'
import { version } from 'vitest/node'
import { defaultDir, type CassetteOptions } from './session/options.ts'
import { checkPluginOptions, type PluginOptions } from './vitest/plugin-options.ts'
import { CassetteReporter } from './vitest/reporter.ts'
import { serializeSettings, providedAs } from './vitest/settings.ts'
import { CassetteWatch } from './vitest/watch.ts'

export type { CassetteOptions, PluginOptions }

const isVitest4 = version.startsWith('4.')
const setupModule = 'virtual:vitest-cassette/setup'
const setupCode = `
  import { setUpFromPlugin } from ${JSON.stringify(fileURLToPath(new URL('./vitest/plugin-setup.js', import.meta.url)))}
  setUpFromPlugin()
`
const setupFile = fileURLToPath(new URL('./vitest/plugin-setup-file.js', import.meta.url))

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
export function cassettes(options: PluginOptions = {}): Plugin {
  const [forWorkers, forRuns] = checkPluginOptions(options)
  const watch = new CassetteWatch()
  const reporter = new CassetteReporter(forRuns, watch)
  return {
    name: 'vitest-cassette',
    config: () => (isVitest4 ? { test: { server: { deps: { inline: ['vitest-cassette'] } } } } : {}),
    resolveId: id => (id === setupModule ? `\0${id}` : undefined),
    load: id => (id === `\0${setupModule}` ? setupCode : undefined),
    configureVitest({ project, vitest }) {
      const { root, setupFiles, isolate } = project.config
      const update = vitest.config.snapshotOptions.updateSnapshot
      project.provide(providedAs as never, serializeSettings({ options: forWorkers, root, update }) as never)
      // Both run anew for each test file; what is virtual takes a few ms longer, and does so where workers are shared too.
      setupFiles.unshift(isVitest4 || isolate ? setupFile : setupModule)
      const dir = path.resolve(root, options.dir ?? defaultDir)
      reporter.projects.push({ dir, patterns: (options.redact?.patterns ?? []).map(String) })
      watch.register(vitest, dir)
      const reporters: unknown[] = vitest.config.reporters
      if (!reporters.includes(reporter)) reporters.push(reporter)
    },
  }
}
