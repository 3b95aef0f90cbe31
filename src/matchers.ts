import { expect } from 'vitest'
import { matchers } from './vitest/matchers.ts'

expect.extend(matchers)

declare global {
  // Vitest builds its assertions from chai's, in 4.1 and in 5. Its own `Matchers` has other type parameters in each.
  namespace Chai {
    interface Assertion {
      /**
       * A call of the test went to this model, as the request or the response names it.
       *
       * @example
       * expect(cassette).toHaveCalledModel(/^gpt-4o/)
       */
      toHaveCalledModel(model: string | RegExp): void
      /**
       * The model called this tool; with `args`, at least with these arguments. Asymmetric matchers work in them.
       *
       * @example
       * expect(cassette).toHaveCalledTool('get_weather', { city: expect.stringContaining('Paris') })
       */
      toHaveCalledTool(name: string, args?: unknown): void
      /**
       * Every recording of the test was played; where it has none of its own, every one that it may play. Passes while
       * it records.
       *
       * @example
       * expect(cassette).toHaveBeenFullyPlayed()
       */
      toHaveBeenFullyPlayed(): void
      /**
       * All calls of the test together used fewer tokens than this, as the provider counted them. Fails where a call
       * does not say.
       *
       * @example
       * expect(cassette).toHaveUsedFewerTokensThan(2_000)
       */
      toHaveUsedFewerTokensThan(limit: number): void
    }
  }
}
