import { setupCassettes } from './vitest/setup-cassettes.ts'

setupCassettes()
