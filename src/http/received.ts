import { decodeUtf8 } from '../wire/body.ts'
import { readForm, type RecordedForm } from './form.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** What a door may know of a request besides the request itself. */
interface Given {
  /** The body, where the caller gave it as text: the request has none then. */
  text?: string
  /** The caller's signal. Default: the request's own, which follows it. */
  signal?: AbortSignal
}

/** A request as it came in, whichever door it came through. */
export class Received<Caller = unknown> {
  readonly request: Request
  /** Who made the request. */
  readonly caller: Caller
  readonly signal: AbortSignal
  /** As it goes on to the provider. Empty until it is read. */
  body: Bytes | string
  /** The body as text; `undefined` where it is none. */
  text: string | undefined
  /** The body of a form as its parts. */
  form: RecordedForm | undefined

  constructor(request: Request, caller: Caller, { text, signal = request.signal }: Given = {}) {
    this.request = request
    this.caller = caller
    this.signal = signal
    this.body = text ?? ''
    this.text = text
  }

  /** Waits until the body has arrived. Nothing is done here that can wait until the request is on its way to its provider. */
  async readBody(): Promise<void> {
    if (this.text === undefined) {
      this.body = new Uint8Array(await this.request.arrayBuffer())
      this.text = decodeUtf8(this.body)
    }
    const contentType = this.request.headers.get('content-type') ?? ''
    if (contentType.startsWith('multipart/form-data') && this.body.length > 0)
      this.form = await readForm(this.body, contentType)
  }
}
