/** A form as it is recorded. The boundary between its parts, which changes from call to call, is not kept. */
export interface RecordedForm {
  __multipart__: FormPart[]
}

/** A field with its value, or a file, which is told by the hash of its content. */
type FormPart =
  | { name: string; value: string }
  | { name: string; filename: string; type: string; __sha256__: string; bytes: number }

/** Reads the body of a `multipart/form-data` request. */
export async function readForm(
  body: Uint8Array<ArrayBuffer> | string,
  contentType: string,
): Promise<RecordedForm> {
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData()
  const parts = [...form].map(async ([name, value]) => {
    if (typeof value === 'string') return { name, value }
    const content = new Uint8Array(await value.arrayBuffer())
    return { name, filename: value.name, type: value.type, ...hashOf(content) }
  })
  return { __multipart__: await Promise.all(parts) }
}

/** What is kept of bytes. */
export function hashOf(bytes: Uint8Array): { __sha256__: string; bytes: number } {
  // Loaded by those who need it: every process that a test starts reads this file.
  const { createHash } = process.getBuiltinModule('node:crypto')
  return { __sha256__: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }
}
