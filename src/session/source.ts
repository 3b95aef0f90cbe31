import type { Asked } from './asked.ts'

/** What may answer the calls of a session. The sources of a session are asked one after the other. */
export interface Source {
  /** @returns `undefined` where this source has no answer, so that the next one is asked */
  answer(asked: Asked): Response | Promise<Response> | undefined
}
