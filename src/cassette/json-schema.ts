import { z } from 'zod'
import { cassetteSchema, recordingSchema } from './schema.ts'

/** The JSON Schema of a cassette file, with which an editor completes and checks it. */
export function cassetteJsonSchema(): object {
  const anyForm = z.union([cassetteSchema, recordingSchema, z.array(recordingSchema)])
  return { title: 'A cassette of vitest-cassette', ...z.toJSONSchema(anyForm, { io: 'input' }) }
}
