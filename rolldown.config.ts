import { defineConfig } from 'rolldown'

const entries = [
  'index',
  'plugin',
  'setup',
  'node',
  'matchers',
  'msw',
  'cli/main',
  'vitest/plugin-setup',
  'vitest/plugin-setup-file',
]

/** Every test file loads the package anew: a few files take half the time of eighty. */
export default defineConfig({
  input: Object.fromEntries(entries.map(name => [name, `src/${name}.ts`])),
  external: /^[^./]/,
  platform: 'node',
  output: {
    dir: 'dist',
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'shared/[name].js',
    // Each with what it imports: what every test file needs, of which scripts take the first, and what a cassette needs.
    codeSplitting: {
      groups: [
        { name: 'scope', test: /scope.(?:scope|options|check-options|mode|placeholder)\.ts$/, priority: 4 },
        { name: 'session', test: /scope.session\.ts$/, priority: 3 },
        { name: 'settings', test: /vitest.(?:settings|meta)\.ts$/, priority: 2 },
        { name: 'setup', test: /vitest.setup-cassettes\.ts$/, priority: 1 },
      ],
    },
  },
})
