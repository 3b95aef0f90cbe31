import { CassetteError } from '../errors.ts'

/** One step of a JSON path: a key, an index, or `*` for every index. */
export type Step = string | number

/**
 * Reads a JSON path: `messages[0].content`, `messages[*].id`, `tools["my.name"]`.
 *
 * @throws {CassetteError} `bad-option`
 */
export function parsePath(path: string): Step[] {
  const steps: Step[] = []
  const pattern = /\.?([^.[\]]+)|\[(\d+)\]|\[(\*)\]|\[("(?:[^"\\]|\\.)*")\]/y
  while (pattern.lastIndex < path.length) {
    const at = pattern.lastIndex
    const match = pattern.exec(path)
    if (!match)
      throw new CassetteError(
        'bad-option',
        `Not a JSON path: '${path}' (at '${path.slice(at)}'). Write for example messages[*].id`,
      )
    const [, key, index, every, quoted] = match
    steps.push(key ?? every ?? (quoted === undefined ? Number(index) : (JSON.parse(quoted) as string)))
  }
  return steps
}

/** Makes the text of a path, which `parsePath` reads. */
export function formatPath(steps: readonly Step[]): string {
  const format = (step: Step) => {
    if (typeof step === 'number') return `[${step}]`
    return /^[^.[\]"\s]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`
  }
  return steps.map(format).join('').replace(/^\./, '')
}

/** Copies the value without what the path leads to. Where the path leads nowhere, it gives the value itself. */
export function removePath(value: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (step === undefined || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const taken = (index: number) => step === '*' || step === index
    if (rest.length === 0) return value.filter((_, index) => !taken(index))
    return value.map((item, index) => (taken(index) ? removePath(item, rest) : item))
  }
  const entries = Object.entries(value)
  const taken = (key: string) => step === '*' || step === key
  if (rest.length === 0) return Object.fromEntries(entries.filter(([key]) => !taken(key)))
  return Object.fromEntries(entries.map(([key, item]) => [key, taken(key) ? removePath(item, rest) : item]))
}
