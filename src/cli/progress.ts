/** How long a command may take before it says how far it is, and how long it waits before it says so again, in ms. */
const [patience, interval] = [1000, 100]

/** Says in a line on stderr how far a command is, on a terminal, once it has taken more than a second. */
export class Progress {
  private due = performance.now() + patience
  private isShown = false

  clear(): void {
    if (this.isShown) process.stderr.write('\r\u001b[K')
    this.isShown = false
  }

  /** Gives the cassettes one after the other, and shows which one it has come to. */
  *each<Named extends { name: string }>(cassettes: readonly Named[]): Generator<Named, void> {
    for (const [index, cassette] of cassettes.entries()) {
      const now = performance.now()
      if (process.stderr.isTTY && now >= this.due) {
        const line = `${index}/${cassettes.length} ${cassette.name}`
        process.stderr.write(`\r\u001b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`)
        this.due = now + interval
        this.isShown = true
      }
      yield cassette
    }
  }
}
