/** Every way an operation may fail: one class, and two tables that give a failure its exit code and its published number. */

/** What kind of failure it is decides the exit code of the command and, later, the HTTP status. */
export const KINDS = {
  usage: { exit: 2, http: 400, means: 'the call is wrong: correct it and call again' },
  missing: { exit: 3, http: 404, means: 'what was named does not exist' },
  conflict: { exit: 4, http: 409, means: 'somebody else was first, or it changed meanwhile' },
  refused: { exit: 5, http: 422, means: 'the rules refuse it in the present state' },
  unavailable: {
    exit: 6,
    http: 503,
    means: 'the world did not let us: disk, lock, git; trying again may help',
  },
  internal: { exit: 70, http: 500, means: 'a fault of this program' },
} as const

export type ErrorKind = keyof typeof KINDS

interface ErrorRow {
  readonly kind: ErrorKind
  /** The published number (contracts: filesystem section 3). Several names may refine one published number. */
  readonly code: `SK-${string}`
  readonly means: string
  readonly hint: string
  /** May come out of every operation, so no operation lists it. */
  readonly universal?: true
}

export const ERRORS = {
  INPUT_INVALID: {
    kind: 'usage',
    code: 'SK-TKT-014',
    means: 'an input is missing, malformed or contradicts another',
    hint: 'see `tkt help` and the name of the command',
    universal: true,
  },
  UNKNOWN_OPTION: {
    kind: 'usage',
    code: 'SK-CLI-004',
    means: 'an option or argument that the command does not have',
    hint: 'see `tkt help` and the name of the command',
    universal: true,
  },
  UNKNOWN_COMMAND: {
    kind: 'usage',
    code: 'SK-CLI-002',
    means: 'no such command or action',
    hint: 'see `tkt --help`',
    universal: true,
  },
  STORE_UNAVAILABLE: {
    kind: 'unavailable',
    code: 'SK-SYS-006',
    means: 'a file could not be read or written: full disk, read-only folder, missing rights',
    hint: 'mend what the message names, then run the same command again: nothing was changed',
    universal: true,
  },
  FILE_NOT_FOUND: {
    kind: 'missing',
    code: 'SK-SYS-004',
    means: 'a file named by an option does not exist',
    hint: 'check the path: it is taken from the working directory',
    universal: true,
  },
  FILE_UNREADABLE: {
    kind: 'refused',
    code: 'SK-SYS-004',
    means: 'a file is too large, or not what it must be',
    hint: 'mend or restore the file that the message names',
    universal: true,
  },
  CONFIG_INVALID: {
    kind: 'usage',
    code: 'SK-CFG-001',
    means: 'config/tkt.yaml cannot be used',
    hint: 'correct the lines that the message names; every key is explained in the shipped config/tkt.yaml',
    universal: true,
  },
  ROOT_REFUSED: {
    kind: 'usage',
    code: 'SK-SYS-007',
    means: 'no project was found here, and this is no place to start one',
    hint: 'run inside the project, or name it with --root DIR',
    universal: true,
  },
  INTERNAL: {
    kind: 'internal',
    code: 'SK-SYS-070',
    means: 'a fault of this program',
    hint: 'please report it with the output of the same command and --debug',
    universal: true,
  },
  NOT_INITIALISED: {
    kind: 'missing',
    code: 'SK-TKT-018',
    means: 'the project has no .tkt folder or no roadmap yet',
    hint: 'run `tkt init-roadmap --project NAME`',
  },
  BUNDLE_NOT_FOUND: {
    kind: 'missing',
    code: 'SK-TKT-018',
    means: 'no such bundle',
    hint: 'see `tkt list`',
  },
  TICKET_NOT_FOUND: {
    kind: 'missing',
    code: 'SK-TKT-002',
    means: 'no such ticket',
    hint: 'see `tkt status --bundle B-NNN`, or `tkt express list`',
  },
  LOCK_TIMEOUT: {
    kind: 'unavailable',
    code: 'SK-TKT-017',
    means: 'another process held the lock for longer than ticket.lock_timeout',
    hint: 'run the same command again',
  },
  CLAIM_CONFLICT: {
    kind: 'conflict',
    code: 'SK-TKT-006',
    means: 'the ticket is held by somebody: the claim came second',
    hint: 'claim another ticket',
  },
  NOT_OWNER: {
    kind: 'conflict',
    code: 'SK-TKT-010',
    means: 'the acting agent neither holds the ticket nor coordinates the bundle',
    hint: 'act as the holder, or let the main agent (the claimant of TKT-000) do it',
  },
  TRANSITION_REFUSED: {
    kind: 'refused',
    code: 'SK-TKT-035',
    means: 'the ticket cannot go from its status to that one',
    hint: 'see spec/lifecycles.md for the moves there are; `tkt reopen` is the way back from an end',
  },
  EVIDENCE_REQUIRED: {
    kind: 'refused',
    code: 'SK-TKT-030',
    means: 'done needs evidence',
    hint: 'add --evidence "what proves it" or --evidence-file PATH',
  },
  BUNDLE_CLOSED: {
    kind: 'refused',
    code: 'SK-TKT-039',
    means: 'the bundle is closed, so its tickets do not change any more',
    hint: 'run `tkt reopen --bundle B-NNN --reason TEXT` first, or create a new bundle',
  },
  BUNDLE_NOT_CLOSED: {
    kind: 'refused',
    code: 'SK-TKT-040',
    means: 'the bundle is not closed yet',
    hint: 'run `tkt close --bundle B-NNN` first',
  },
  EXPRESS_NOT_OPEN: {
    kind: 'conflict',
    code: 'SK-TKT-019',
    means: 'the express ticket is claimed or done already',
    hint: 'see `tkt express list`',
  },
  ROADMAP_EXISTS: {
    kind: 'conflict',
    code: 'SK-TKT-021',
    means: 'there is a roadmap already',
    hint: 'keep it, or add --force to write a new one',
  },
  STAGE_UNKNOWN: {
    kind: 'usage',
    code: 'SK-TKT-022',
    means: 'no such roadmap stage',
    hint: 'stages: planning, active, review, blocked, done, archived',
  },
  STAGE_REFUSED: {
    kind: 'refused',
    code: 'SK-TKT-023',
    means: 'the roadmap cannot go from its stage to that one',
    hint: 'see `tkt roadmap-status` for the moves there are',
  },
  BUNDLES_UNFINISHED: {
    kind: 'refused',
    code: 'SK-TKT-024',
    means: 'the stage done needs every bundle closed, and every marked decision gate met',
    hint: 'close the bundles that are named, or add --force',
  },
  BUNDLES_MISSING: {
    kind: 'refused',
    code: 'SK-TKT-025',
    means: 'the stage active needs a bundle',
    hint: 'run `tkt create-bundle` first, or add --force',
  },
  DEPENDENCY_MISSING: {
    kind: 'missing',
    code: 'SK-TKT-026',
    means: 'a bundle named in --depends-on does not exist',
    hint: 'see `tkt list`',
  },
  CARRYOVER_MISSING: {
    kind: 'missing',
    code: 'SK-TKT-038',
    means: 'the bundle named in --carryover has no carryover.yaml',
    hint: 'leave --carryover out: that bundle left nothing behind',
  },
  DEPENDENCY_UNFINISHED: {
    kind: 'refused',
    code: 'SK-TKT-027',
    means: 'close: a bundle this one depends on is not closed',
    hint: 'close the bundles that are named first',
  },
  WORKTREE_GONE: {
    kind: 'refused',
    code: 'SK-GIT-001',
    means: 'close: the recorded worktree does not exist any more',
    hint: 'restore it with `git worktree add PATH BRANCH`, as the message says',
  },
  WORKTREE_DIRTY: {
    kind: 'refused',
    code: 'SK-TKT-037',
    means: 'the worktree has changes that are not committed',
    hint: 'commit or remove the files that are named',
  },
  WORK_UNFINISHED: {
    kind: 'refused',
    code: 'SK-TKT-019',
    means: 'close: a ticket is neither done nor failed',
    hint: 'finish, fail or reopen the tickets that are named',
  },
  AUDIT_UNFINISHED: {
    kind: 'refused',
    code: 'SK-TKT-012',
    means: 'close: the audit ticket is not claimed and done',
    hint: 'an agent who did none of the work claims TKT-A00 and finishes it; reopen it if it was finished without a claim',
  },
  AUDIT_NOT_INDEPENDENT: {
    kind: 'refused',
    code: 'SK-TKT-031',
    means: 'close: the auditor worked on a ticket of the same bundle',
    hint: 'run `tkt reopen --bundle B-NNN --ticket TKT-A00 --reason TEXT` and let another agent audit',
  },
  STRUCTURE_INVALID: {
    kind: 'refused',
    code: 'SK-TKT-032',
    means: 'close: the structural check failed',
    hint: 'mend what the check names',
  },
  CLOSE_GATE_FAILED: {
    kind: 'refused',
    code: 'SK-TKT-033',
    means: 'close: close_gate.command of config/tkt.yaml did not succeed',
    hint: 'run the command by hand in the named folder',
  },
  ACCEPTANCE_FAILED: {
    kind: 'refused',
    code: 'SK-TKT-034',
    means: 'close --strict: acceptance commands failed',
    hint: 'mend the work, or leave --strict out to carry the failures over',
  },
  MERGE_FAILED: {
    kind: 'refused',
    code: 'SK-GIT-002',
    means: 'the branch of the bundle cannot be merged; nothing was changed',
    hint: 'resolve in the worktree: merge the target into the branch there, commit, close again',
  },
  WORKTREE_NOT_REMOVED: {
    kind: 'unavailable',
    code: 'SK-GIT-003',
    means: 'the bundle is closed and merged, but its worktree could not be removed',
    hint: 'mend what the message names and run the same close again',
  },
  WORKTREE_FAILED: {
    kind: 'refused',
    code: 'SK-TKT-036',
    means: 'the worktree could not be created; nothing was created',
    hint: 'mend what the message names',
  },
  NOT_A_REPOSITORY: {
    kind: 'refused',
    code: 'SK-GIT-007',
    means: '--worktree needs a git repository with a commit',
    hint: 'run `git init` and commit once, or leave --worktree out',
  },
  CHANGED_MEANWHILE: {
    kind: 'conflict',
    code: 'SK-TKT-041',
    means: 'it was changed while the command was judging it; nothing was changed by this command',
    hint: 'run the same command again',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorName = keyof typeof ERRORS

/** The table's row of a name. */
export const errorRow = (name: ErrorName): ErrorRow => ERRORS[name]

/** A foreseen failure of an operation. `details` is data for programs; `hint` overrides the table's next step. */
export class OperationError extends Error {
  readonly code: ErrorName
  readonly details: Readonly<Record<string, unknown>>
  readonly hint: string

  constructor(
    code: ErrorName,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    hint?: string,
  ) {
    super(message)
    this.name = 'OperationError'
    this.code = code
    this.details = details
    this.hint = hint ?? ERRORS[code].hint
  }
}
