/** What one scope did with one cassette: plain data, for whoever sums a run up. */
export interface SessionReport {
  /** The cassette's file or folder, absolute. */
  file: string
  replayed: number
  recorded: number
  missed: number
  live: number
  /** Tokens of the replayed answers, as the provider counted them when they were recorded. */
  tokens: number
  /** Identities of the recordings that were played, and of those that were made. */
  used: string[]
  /** The cassette's files that were written, each with the SHA-256 of its text. */
  written: Record<string, string>
  /** The option's patterns, and whether each has found something. */
  patterns: Record<string, boolean>
  /** The command that records what was missing. */
  command: string
}
