/** In ms: how long a command may take in silence, and between two lines. */
const [patience, interval] = [1000, 100]

/** A line on stderr that says how far a command is, once it takes more than a second, on a terminal. */
export class Progress {
  private due = performance.now() + patience
  private shown = false

  at(done: number, total: number, what: string): void {
    const now = performance.now()
    if (!process.stderr.isTTY || now < this.due) return
    this.due = now + interval
    const line = `${done}/${total} ${what}`.slice(0, (process.stderr.columns ?? 80) - 1)
    process.stderr.write(`\r\u001b[K${line}`)
    this.shown = true
  }

  clear(): void {
    if (this.shown) process.stderr.write('\r\u001b[K')
    this.shown = false
  }
}
