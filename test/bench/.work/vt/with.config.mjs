import { cassettes } from 'vitest-cassette/plugin'
export default { plugins: [cassettes()], test: { include: ['*.test.mjs'], watch: false } }
