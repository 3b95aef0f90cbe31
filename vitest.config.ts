import { cassettes } from 'vitest-cassette/plugin'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [cassettes({ dir: 'fixtures' })],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/.projects/**', 'test/compat/**', 'test/bench/**'],
    // Many tests run Vitest itself.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
