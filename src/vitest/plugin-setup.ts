import { inject } from 'vitest'
import { providedAs, readSettings } from './settings.ts'
import { setUp } from './setup-cassettes.ts'

/** What the plugin runs in every worker, before the test file's own imports. */
export function setUpFromPlugin(): void {
  setUp(readSettings(inject(providedAs as never)))
}
