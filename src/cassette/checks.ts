import { isObject } from '../wire/json.ts'

/**
 * Tells whether a value is valid, but not what is wrong with it. Where a check fails, a zod schema that has the same
 * rules explains why. Zod takes 50 ms to load, for which only a run with a mistake has to wait.
 */
export type Check = (value: unknown) => boolean
export type Checks = Readonly<Record<string, Check>>

export const text: Check = value => typeof value === 'string'
export const boolean: Check = value => typeof value === 'boolean'
export const pattern: Check = value => value instanceof RegExp
export const callable: Check = value => typeof value === 'function'

export function textThat(holds: (text: string) => boolean): Check {
  return value => typeof value === 'string' && holds(value)
}

export function textLike(regex: RegExp): Check {
  return textThat(value => regex.test(value))
}

export function numberThat(holds: (number: number) => boolean): Check {
  return value => typeof value === 'number' && Number.isFinite(value) && holds(value)
}

/** One of these values. */
export function oneOf(...values: readonly unknown[]): Check {
  return value => values.includes(value)
}

/** Valid for one of these checks. */
export function either(...checks: readonly Check[]): Check {
  return value => checks.some(check => check(value))
}

/** `undefined` says the same as a field that is not there. */
export function optional(check: Check): Check {
  return value => value === undefined || check(value)
}

export function list(item: Check): Check {
  return value => Array.isArray(value) && value.every(item)
}

/** A list with exactly these items, in this order. */
export function tuple(...items: readonly Check[]): Check {
  return value =>
    Array.isArray(value) &&
    value.length === items.length &&
    items.every((check, index) => check(value[index]))
}

/** An object in which every name and every value is valid. */
export function dictionary(name: Check, item: Check): Check {
  return value => isObject(value) && Object.entries(value).every(([key, entry]) => name(key) && item(entry))
}

/** An object with these fields. It may have others, too. */
export function shape(fields: Checks): Check {
  const checks = Object.entries(fields)
  return value => isObject(value) && checks.every(([name, check]) => check(value[name]))
}

/** An object with these fields and no others. */
export function exactShape(fields: Checks): Check {
  const hasFields = shape(fields)
  return value => hasFields(value) && Object.keys(value as object).every(name => Object.hasOwn(fields, name))
}

/** An object with any of these fields and no others. */
export function partialShape(fields: Checks): Check {
  return exactShape(
    Object.fromEntries(Object.entries(fields).map(([name, check]) => [name, optional(check)])),
  )
}
