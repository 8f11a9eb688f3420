/** The holder is done with a ticket. */
import { Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { count, longText } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { sessionField, ticketField } from '../fields.ts'
import type { DurableTicket } from '../model/ticket.ts'
import { HOLDER_ERRORS, moveHeld } from '../holder-move.ts'
import { enforceScope, SCOPE_ERRORS } from '../scope-door.ts'

export const closeTicket = defineOperation({
  name: 'close-ticket',
  summary: 'Close a durable ticket that one holds, as done.',
  capability: 'tkt-close-db',
  effects: ['db.read', 'db.write'],
  input: Fields({
    ticket_id: Optional(ticketField('the ticket; else the one that the session holds')),
    session_id: Optional(sessionField()),
    claim_no: Optional(count('the number that the claim was answered with', 1)),
    resolution: Optional(longText('what was done, and how one can see that')),
  }),
  output: Fields({ ticket: Unknown() }),
  errors: [...HOLDER_ERRORS, 'SCOPE_BREACH', ...SCOPE_ERRORS],
  positional: ['ticket_id'],
  examples: ['close-ticket --ticket-id TKT-016 --session-id ses-1 --resolution "npm test: 12 passed"'],
  run: async ({ resolution, ...said }, context: DurableContext) =>
    moveHeld(context, 'close', { ...said, reason: resolution }, judgeIn(context)),
})

/** Undefined where nobody is to look at the scope. */
function judgeIn(context: DurableContext) {
  if (context.config().scope.at_close === 'off') return undefined
  return (ticket: DurableTicket) => enforceScope(context, ticket)
}
