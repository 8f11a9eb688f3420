/** The errors of the durable engine; the names are the published `legacy_code`s (contracts: durable section 3.8). */
import type { ErrorRow } from './row.ts'

export const DURABLE_ERRORS = {
  DATABASE_UNAVAILABLE: {
    kind: 'unavailable',
    code: 'SK-MEM-001',
    means: 'the database of durable tickets cannot be used',
    hint: 'mend what the message names, then run the same command again',
  },
  SESSION_ALREADY_HAS_CLAIMED_TICKET: {
    kind: 'refused',
    code: 'SK-TKT-001',
    means: 'durable.one_ticket_at_a_time: the session holds a ticket already',
    hint: 'finish the ticket that is named, or give it back with `tkt release-ticket`',
  },
  UNKNOWN_TICKET: {
    kind: 'missing',
    code: 'SK-TKT-002',
    means: 'no such durable ticket',
    hint: 'see `tkt list-tickets`',
  },
  TICKET_ALREADY_CLOSED: {
    kind: 'conflict',
    code: 'SK-TKT-003',
    means: 'the durable ticket is over',
    hint: 'claim another one: `tkt next-ticket`',
  },
  TICKET_CLAIMED_BY_OTHER_SESSION: {
    kind: 'conflict',
    code: 'SK-TKT-004',
    means: 'the durable ticket is held by another session: the claim came second',
    hint: 'claim another one: `tkt next-ticket`',
  },
  TICKET_BLOCKED: {
    kind: 'conflict',
    code: 'SK-TKT-005',
    means: 'the durable ticket is blocked',
    hint: 'claim another one: `tkt next-ticket`',
  },
  NO_ACTIVE_CLAIMED_TICKET: {
    kind: 'missing',
    code: 'SK-TKT-009',
    means: 'no ticket was named, and the session holds none, or several',
    hint: 'name the ticket with --ticket-id',
  },
  TICKET_NOT_OWNED_BY_SESSION: {
    kind: 'conflict',
    code: 'SK-TKT-010',
    means: 'the session does not hold the durable ticket',
    hint: 'stop working on it if it was yours: somebody else may have it; see `tkt show-ticket`',
  },
  MISSING_SESSION_ID: {
    kind: 'usage',
    code: 'SK-TKT-013',
    means: 'nobody said which session acts',
    hint: 'add --session-id NAME, or set TKT_SESSION_ID',
  },
  TICKET_NOT_ASSIGNABLE: {
    kind: 'refused',
    code: 'SK-TKT-067',
    means: 'the durable ticket is for other sessions (assignable_to)',
    hint: 'claim another one: `tkt next-ticket`; or have it opened to all: `tkt edit-ticket --clear assignable_to`',
  },
  VERSION_CONFLICT: {
    kind: 'conflict',
    code: 'SK-TKT-065',
    means: 'the durable ticket was edited since the version that was named',
    hint: 'read it again with `tkt show-ticket`',
  },
  DEPENDENCY_CYCLE: {
    kind: 'refused',
    code: 'SK-TKT-066',
    means: 'durable tickets would wait for each other',
    hint: 'leave one of them out',
  },
  SCOPE_BREACH: {
    kind: 'refused',
    code: 'SK-GIT-004',
    means: 'enforcement.scope: the ticket changed files outside its scope; nothing was changed',
    hint: 'take those changes out of the checkout, or have the scope widened; `tkt check-ticket-scope` tells them all',
  },
  BASE_UNKNOWN: {
    kind: 'missing',
    code: 'SK-GIT-010',
    means: 'the commit that the work began at is not in the repository',
    hint: 'name one with `tkt check-ticket-scope --base COMMIT`; a ticket that is released and claimed again begins at HEAD',
  },
  BASE_NOT_ANCESTOR: {
    kind: 'refused',
    code: 'SK-GIT-011',
    means: 'HEAD does not stem from the commit that the work began at',
    hint: 'name one with `tkt check-ticket-scope --base COMMIT`; a ticket that is released and claimed again begins at HEAD',
  },
  PRE_CLOSE_VERIFICATION_FAILED: {
    kind: 'refused',
    code: 'SK-TKT-011',
    means:
      'a command that must pass before the durable ticket is closed does not; the session still holds the ticket',
    hint: 'mend the work, or the command, then close again',
  },
  INTEGRATOR_CLOSE_NOT_READY: {
    kind: 'refused',
    code: 'SK-TKT-012',
    means: 'the batch of the integrator ticket is not at its end',
    hint: 'see `tkt integrator-closure-report`',
  },
  TICKET_NOT_INTEGRATOR: {
    kind: 'refused',
    code: 'SK-TKT-060',
    means: 'only an integrator ticket ends a batch, and this is a worker ticket',
    hint: 'name the integrator ticket with --ticket-id',
  },
  CONTINUE_DUE_TO_NEW_TASKS: {
    kind: 'refused',
    code: 'SK-TKT-061',
    means: 'new tasks came with the note: the batch is not at its end',
    hint: 'have them done first: `tkt session-loop`',
  },
  CONTINUE_DUE_TO_REVIEW_INBOX_ITEMS: {
    kind: 'refused',
    code: 'SK-TKT-062',
    means: 'tickets of the review inbox may be claimed: the batch is not at its end',
    hint: 'have them done first: `tkt session-loop`',
  },
  REVIEW_INBOX_FORMAT_UNSUPPORTED: {
    kind: 'refused',
    code: 'SK-TKT-063',
    means: 'the review inbox of the note is in no form that is read',
    hint: 'begin it with # TICKET_BATCH, or with REQUEST_BUNDLE',
  },
  MISSING_TICKET_FIELDS: {
    kind: 'usage',
    code: 'SK-TKT-014',
    means: 'a ticket that is taken in has an id, a title and a summary',
    hint: 'give all three, or --from-note-tasks',
  },
  INVALID_TICKET_BLOCK: {
    kind: 'refused',
    code: 'SK-TKT-016',
    means: 'a # TICKET of the note lacks its id or title',
    hint: 'add what the message names, then run the same command again',
  },
  EMPTY_TICKET_BATCH: {
    kind: 'refused',
    code: 'SK-TKT-064',
    means: 'a # TICKET_BATCH of the note has no tickets',
    hint: 'write its tickets below ## TICKETS, each beginning with ### and its id',
  },
  IDEMPOTENCY_KEY_REUSED: {
    kind: 'conflict',
    code: 'SK-TKT-086',
    means: 'the idempotency key was given to another command before: another operation, session or input',
    hint: 'give each command a key of its own, and the same one only to send the same command again',
  },
  IMPORT_REFUSED: {
    kind: 'refused',
    code: 'SK-TKT-080',
    means: 'the file is no whole export, or this project cannot take it in; nothing was imported',
    hint: 'see what the message names; `tkt db status` tells what the project holds',
  },
} as const satisfies Record<string, ErrorRow>
