const patience = 1000

/** A line on stderr that says how far a command is, once it takes more than a second, on a terminal. */
export class Progress {
  private readonly started = performance.now()
  private shown = false

  at(done: number, total: number, what: string): void {
    if (!process.stderr.isTTY || performance.now() - this.started < patience) return
    const line = `${done}/${total} ${what}`.slice(0, (process.stderr.columns ?? 80) - 1)
    process.stderr.write(`\r\u001b[K${line}`)
    this.shown = true
  }

  clear(): void {
    if (this.shown) process.stderr.write('\r\u001b[K')
    this.shown = false
  }
}
