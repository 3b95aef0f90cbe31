import { z } from 'zod'
import { schemas } from './schema.ts'

/** The JSON Schema of a cassette file in any of its forms, with which an editor completes and checks it. */
export function cassetteJsonSchema(): object {
  const { cassette, recording } = schemas()
  const anyForm = z.union([cassette, recording, z.array(recording)])
  return { title: 'A cassette of vitest-cassette', ...z.toJSONSchema(anyForm, { io: 'input' }) }
}
