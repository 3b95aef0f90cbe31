/** Requests to one host that no cassette covers, made by one test; or a process whose requests nobody sees. */
export interface UncoveredHost {
  /** Of a process the name of its program. */
  host: string
  /** Absent where the requests were made by no test. */
  test?: string | undefined
  /**
   * `llm`: LLM calls of a test without a cassette. `unknown`: the host is none that is known, while a test replays.
   * `process`: a program that is not Node was started with a provider's key in its environment, while a cassette was in use.
   */
  kind: 'llm' | 'unknown' | 'process'
  count: number
}

/** The requests of a test file that went out although a cassette could have answered them. */
export class Uncovered {
  private readonly hosts = new Map<string, UncoveredHost>()

  note({ host, test, kind }: Omit<UncoveredHost, 'count'>): void {
    const id = JSON.stringify([host, test, kind])
    const known = this.hosts.get(id) ?? { host, test, kind, count: 0 }
    known.count++
    this.hosts.set(id, known)
  }

  clear(): void {
    this.hosts.clear()
  }

  list(): UncoveredHost[] {
    return [...this.hosts.values()]
  }
}

/** Whether a host is this machine. */
export function isThisMachine(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])$/.test(hostname)
}
