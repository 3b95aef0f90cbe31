import type { Usage } from './conversation.ts'
import { asNumber } from './json.ts'

/** @param total as the body says; the sum of the others where it does not */
export function usageOf(input: unknown, output: unknown, total?: unknown): Usage | undefined {
  const [inputTokens, outputTokens] = [asNumber(input), asNumber(output)]
  const totalTokens = asNumber(total) ?? sum(inputTokens, outputTokens)
  return totalTokens === undefined ? undefined : { inputTokens, outputTokens, totalTokens }
}

/** Of the numbers among these; `undefined` where there is none. */
export function sum(...values: unknown[]): number | undefined {
  const numbers = values.filter(value => typeof value === 'number')
  return numbers.length === 0 ? undefined : numbers.reduce((total, number) => total + number, 0)
}
