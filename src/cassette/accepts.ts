import { isObject } from '../wire/json.ts'

/** The part of JSON Schema in which the file format is written. */
export interface JsonSchema {
  $schema?: string
  /** For readers. */
  description?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  pattern?: string
  format?: string
  minimum?: number
  maximum?: number
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  required?: string[]
  propertyNames?: JsonSchema
  additionalProperties?: JsonSchema
}

type Check = (value: unknown) => boolean

/** Makes a function that says whether a value is valid; of one that is not, it does not say why. */
export function acceptor(schema: JsonSchema): Check {
  const checks = [
    ...typeChecks(schema),
    ...textChecks(schema),
    ...numberChecks(schema),
    ...partChecks(schema),
  ]
  return value => {
    for (const check of checks) if (!check(value)) return false
    return true
  }
}

function* typeChecks({ type, const: only, enum: words }: JsonSchema): Generator<Check> {
  if (type !== undefined) {
    const types = new Set([type].flat())
    yield value => types.has(typeOf(value)) || (types.has('integer') && Number.isInteger(value))
  }
  if (only !== undefined) yield value => value === only
  if (words) yield value => words.includes(value)
}

function* textChecks({ pattern, format }: JsonSchema): Generator<Check> {
  if (pattern !== undefined) {
    const regex = new RegExp(pattern)
    yield value => typeof value !== 'string' || regex.test(value)
  }
  // Zod takes white space out of a URL; one without is left as it is.
  if (format === 'uri')
    yield value => typeof value !== 'string' || (/^\S+$/.test(value) && URL.canParse(value))
  else if (format !== undefined) yield () => false
}

function* numberChecks({ minimum = -Infinity, maximum = Infinity }: JsonSchema): Generator<Check> {
  if (minimum > -Infinity || maximum < Infinity)
    yield value => typeof value !== 'number' || (value >= minimum && value <= maximum)
}

function* partChecks(schema: JsonSchema): Generator<Check> {
  if (schema.items) {
    const item = acceptor(schema.items)
    yield value => !Array.isArray(value) || value.every(item)
  }
  for (const name of schema.required ?? []) yield value => !isObject(value) || Object.hasOwn(value, name)
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const check = acceptor(property)
    yield value => !isObject(value) || !Object.hasOwn(value, name) || check(value[name])
  }
  const { properties = {}, propertyNames = {}, additionalProperties = {} } = schema
  if (Object.keys({ ...propertyNames, ...additionalProperties }).length > 0) {
    const [name, value] = [acceptor(propertyNames), acceptor(additionalProperties)]
    const isValid = ([key, item]: [string, unknown]) =>
      name(key) && (Object.hasOwn(properties, key) || value(item))
    yield value => !isObject(value) || Object.entries(value).every(isValid)
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
