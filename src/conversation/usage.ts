import { asNumber } from '../wire/json.ts'
import type { Usage } from './conversation.ts'

/** @param total what the body states; where it states none, the sum of the others is taken */
export function usageOf(input: unknown, output: unknown, total?: unknown): Usage | undefined {
  const [inputTokens, outputTokens] = [asNumber(input), asNumber(output)]
  const totalTokens = asNumber(total) ?? sum(inputTokens, outputTokens)
  return totalTokens === undefined ? undefined : { inputTokens, outputTokens, totalTokens }
}

/** The sum of the numbers among these values; `undefined` where there is none. */
export function sum(...values: unknown[]): number | undefined {
  const numbers = values.filter(value => typeof value === 'number')
  return numbers.length === 0 ? undefined : numbers.reduce((total, number) => total + number, 0)
}
