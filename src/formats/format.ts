/** Ends the reading of a file with an error that says which part of the content cannot be read, and why. */
export type Refuse = (path: string, reason: string) => never

/** One way in which tools write down recordings. */
export interface Format<Content = unknown> {
  /** Whether this is a recording, or a set of them, in this format. */
  reads(content: unknown): content is Content
  /** Turns the content into recordings of what went over the wire. The caller validates them. */
  recordings(content: Content, refuse: Refuse): unknown[]
}
