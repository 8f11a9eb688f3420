/** A session claims one durable ticket. */
import { Boolean, Integer, Object as Fields, Optional, String, Unknown } from 'typebox'
import { accept } from '../../operation/accept.ts'
import { defineOperation } from '../../operation/define.ts'
import { idempotencyField } from '../../operation/request-door.ts'
import type { DurableContext } from '../context.ts'
import { answerClaim } from '../claim-answer.ts'
import { sessionField, ticketField, worktreeField } from '../fields.ts'
import { namedAct } from '../request-door.ts'
import { CUT_ERRORS, cutterFor } from '../worktree-door.ts'

export const claimTicket = defineOperation({
  name: 'claim-ticket',
  summary: 'Claim a durable ticket for a session; one wins, and a claim whose lease is over is taken over.',
  capability: 'tkt-claim-db',
  effects: ['fs.write', 'git.read', 'git.write', 'db.read', 'db.write'],
  input: Fields({
    ticket_id: ticketField('the ticket'),
    session_id: Optional(sessionField()),
    worktree: Optional(worktreeField()),
    idempotency_key: Optional(idempotencyField()),
  }),
  output: Fields({
    ticket: Unknown(),
    claimed: Boolean(),
    claim_no: Integer(),
    lease_until: Optional(String()),
    taken_over_from: Optional(String()),
    replayed: Optional(Boolean()),
  }),
  errors: [
    'DATABASE_UNAVAILABLE',
    'MISSING_SESSION_ID',
    'SESSION_ALREADY_HAS_CLAIMED_TICKET',
    'UNKNOWN_TICKET',
    'TICKET_CLAIMED_BY_OTHER_SESSION',
    'TICKET_BLOCKED',
    'TICKET_NOT_ASSIGNABLE',
    'TICKET_ALREADY_CLOSED',
    'IDEMPOTENCY_KEY_REUSED',
    ...CUT_ERRORS,
  ],
  positional: ['ticket_id', 'session_id'],
  examples: ['claim-ticket --ticket-id TKT-016 --session-id ses-1', 'claim-ticket TKT-016 ses-1 --worktree'],
  run: async (input, context: DurableContext) => {
    const { ticket_id, session_id, worktree } = input
    const act = await namedAct(await context.claimOf({ session_id }), 'claim-ticket', input)
    const terms = context.terms()
    const cut = await cutterFor(context, worktree)
    return context.withStore(async (store) =>
      answerClaim(context, store, accept(await store.claim({ key: ticket_id, act, terms })), { act, cut }),
    )
  },
})
