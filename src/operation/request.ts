/** A command that is named, so that it may be sent again: who did not hear its answer is told it, and nothing is done twice. */

export interface Request {
  /** As its sender named it; one name, one command in a project. */
  readonly key: string
  /** What it was to do: the same for the same operation, input and session. */
  readonly print: string
  /** For people. */
  readonly operation: string
}

/** For how long a name is known at least: more than anybody goes on sending a command. */
export const KNOWN_FOR_MS = 7 * 24 * 3_600_000

export interface Known extends Request {
  readonly at_ms: number
  /** JSON: what it was told. */
  readonly told: string
}
