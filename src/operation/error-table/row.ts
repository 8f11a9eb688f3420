/** What is known of every error: the tables of this folder hold one row an error. */

/** What kind of failure it is decides the exit code of the command, how severe it is, and, later, the HTTP status. */
export const KINDS = {
  usage: { exit: 2, http: 400, severity: 'medium', means: 'the call is wrong: correct it and call again' },
  missing: { exit: 3, http: 404, severity: 'medium', means: 'what was named does not exist' },
  conflict: {
    exit: 4,
    http: 409,
    severity: 'high',
    means: 'somebody else was first, or it changed meanwhile',
  },
  refused: { exit: 5, http: 422, severity: 'high', means: 'the rules refuse it in the present state' },
  unavailable: {
    exit: 6,
    http: 503,
    severity: 'critical',
    means: 'the world did not let us: disk, lock, git; trying again may help',
  },
  internal: { exit: 70, http: 500, severity: 'critical', means: 'a fault of this program' },
} as const

export type ErrorKind = keyof typeof KINDS

export interface ErrorRow {
  readonly kind: ErrorKind
  /** The published number (contracts: filesystem section 3). Several names may refine one published number. */
  readonly code: `SK-${string}`
  readonly means: string
  readonly hint: string
  /** May come out of every operation, so no operation lists it. */
  readonly universal?: true
}
