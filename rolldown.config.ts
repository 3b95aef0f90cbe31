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
const modules = defineConfig({
  input: Object.fromEntries(entries.map(name => [name, `src/${name}.ts`])),
  external: /^[^./]/,
  platform: 'node',
  output: {
    dir: 'dist',
    cleanDir: true,
    // The declarations have them, and whoever reads code reads the source.
    comments: false,
    entryFileNames: '[name].js',
    chunkFileNames: 'shared/[name].js',
    // Each with what it imports. The first knows nothing of Vitest, so that scripts do without it.
    codeSplitting: {
      groups: [
        {
          name: 'process',
          test: /process.(?:calls|environment)\.ts$|server.leave\.ts$|session.(?:options|check-options|mode|scope)\.ts$|vitest.(?:settings|meta)\.ts$/,
          priority: 3,
        },
        { name: 'session', test: /session.session\.ts$|server.invite\.ts$/, priority: 2 },
        { name: 'setup', test: /vitest.(?:setup-cassettes|plugin-setup)\.ts$/, priority: 1 },
      ],
    },
  },
})

/** What processes and threads load that a test has started: Node loads CommonJS in half the time, and in every kind of thread. */
const preloads = ['join', 'server/join'].map(name =>
  defineConfig({
    input: { [name]: `src/${name}.ts` },
    external: /^(?:[^./]|\.\/server\/join\.cjs)/,
    platform: 'node',
    output: {
      dir: 'dist',
      comments: false,
      format: 'cjs',
      entryFileNames: '[name].cjs',
      codeSplitting: false,
    },
  }),
)

export default [modules, ...preloads]
