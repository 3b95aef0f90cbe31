import { cassettes } from 'vitest-cassette/plugin'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [cassettes({ dir: 'fixtures' })],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/.projects/**', 'test/compat/**'],
    // Many tests run Vitest itself.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
