/** The holder is done with a ticket; with that of the integrator the batch is closed. */
import { Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { count, longText, longTexts, text } from '../../operation/schema.ts'
import { CLOSURE_ERRORS, reportClosure } from '../closure-report.ts'
import type { DurableContext } from '../context.ts'
import { sessionField, ticketField } from '../fields.ts'
import { HOLDER_ERRORS, moveHeld } from '../holder-move.ts'
import { PROOF_ERRORS, proofOf } from '../proof-door.ts'
import { newStatus } from '../refresh-status.ts'
import { refreshFromNote } from '../refresh.ts'
import { enforceScope, SCOPE_ERRORS } from '../scope-door.ts'

export const closeTicket = defineOperation({
  name: 'close-ticket',
  summary: 'Close a durable ticket that one holds, as done; the integrator ticket closes its batch.',
  capability: 'tkt-close-db',
  effects: ['fs.read', 'git.read', 'db.read', 'db.write', 'proc.exec'],
  input: Fields({
    ticket_id: Optional(ticketField('the ticket; else the one that the session holds')),
    session_id: Optional(sessionField()),
    claim_no: Optional(count('the number that the claim was answered with', 1)),
    resolution: Optional(longText('what was done, and how one can see that')),
    evidence: Optional(longTexts('what proves it; commit:SHA, file:PATH and cmd:COMMAND are checked')),
    accept_blocked: Optional(text('why blocked and failed tickets may stay so')),
  }),
  output: Fields({ ticket: Unknown(), refresh_status: Optional(Unknown()) }),
  errors: [
    ...HOLDER_ERRORS,
    'INTEGRATOR_CLOSE_NOT_READY',
    ...CLOSURE_ERRORS,
    'SCOPE_BREACH',
    ...SCOPE_ERRORS,
    ...PROOF_ERRORS,
  ],
  positional: ['ticket_id'],
  examples: [
    'close-ticket --ticket-id TKT-016 --session-id ses-1 --resolution "npm test: 12 passed"',
    'close-ticket TKT-016 --session-id ses-1 --evidence "cmd:npm test" --evidence commit:0a1b2c3',
    'close-ticket TKT-018 --session-id ses-9 --accept-blocked "TKT-017 waits for the next round"',
  ],
  run: async ({ resolution, evidence: values, accept_blocked: accepted, ...said }, context: DurableContext) =>
    moveHeld(context, 'close', { ...said, accepted, reason: resolution }, async (ticket, store, act) => {
      if (context.config().scope.at_close !== 'off') await enforceScope(context, ticket)
      const proof = await proofOf(context, store, ticket, { act, values })
      const trigger = 'close-ticket'
      if (ticket.type === 'INTEGRATOR') {
        const { refresh_status } = await reportClosure(context, store, ticket, { act, trigger, accepted })
        return { told: { refresh_status }, proof }
      }
      // What is new in the note stops nobody from being done.
      const { session } = act
      const read = await refreshFromNote(context, store, { batch: ticket.batch, trigger, session })
      return { told: { refresh_status: newStatus(read) }, proof }
    }),
})
