import type { Step } from '../cassette/path.ts'

/** One place where two JSON values differ; `undefined` on a side that has nothing there. */
export interface Difference {
  path: Step[]
  recorded: unknown
  received: unknown
}

/** Every place where two JSON values differ, as deep as possible. */
export function differences(recorded: unknown, received: unknown, path: Step[] = []): Difference[] {
  if (Object.is(recorded, received)) return []
  if (!isContainer(recorded) || !isContainer(received) || Array.isArray(recorded) !== Array.isArray(received))
    return [{ path, recorded, received }]
  const steps: Step[] = Array.isArray(recorded)
    ? Array.from({ length: Math.max(recorded.length, Object.keys(received).length) }, (_, index) => index)
    : [...new Set([...Object.keys(recorded), ...Object.keys(received)])]
  return steps.flatMap(step => differences(own(recorded, step), own(received, step), [...path, step]))
}

function own(value: object, step: Step): unknown {
  return Object.hasOwn(value, step) ? (value as Record<Step, unknown>)[step] : undefined
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
