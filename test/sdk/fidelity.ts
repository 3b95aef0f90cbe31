/** One row of `docs/fidelity.md`: what a test of the suite has seen. */
export interface FidelityRow {
  sdk: string
  call: string
  /** The body that the provider played. */
  body: string
  /** The form in which it stands in the cassette. */
  recorded: string
  replayed: string
}

const head = `# Fidelity

What an SDK returns, over the network, while it is recorded, and replayed. Each row is a test of \`test/sdk\`: a server on
127.0.0.1 plays the body, the SDK makes the call three times (without a cassette, recording, and replaying with the server
gone), and what it returns must be equal all three times: objects, text, tool calls, usage, errors, the events of a stream
and their order.

Bodies are files of \`fixtures/corpus\`, recorded from real providers; where there is none for a call, it was made for the
test. \`openai\` is tested in two major versions. A call marked \`include\` has a path that counts as an LLM call on the
provider's own host only, so that the test's server needs that option.

This page is written by \`npm run docs:fidelity\` from the run itself. A test fails where it no longer fits.
`

const columns = ['SDK', 'Call', 'Body played', 'Recorded as', 'Replay']

export function printPage(rows: readonly FidelityRow[]): string {
  const cells = rows.map(row => [row.sdk, row.call, row.body, row.recorded, row.replayed])
  const table = [columns, columns.map(() => '---'), ...cells].map(row => `| ${row.join(' | ')} |`)
  return `${head}\n${table.join('\n')}\n`
}
