/** The holder is done with a ticket; with that of the integrator the batch is closed. */
import { Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { count, longText, longTexts, text } from '../../operation/schema.ts'
import { CLOSURE_ERRORS, reportClosure } from '../closure-report.ts'
import type { DurableContext } from '../context.ts'
import { sessionField, ticketField } from '../fields.ts'
import { HOLDER_ERRORS, moveHeld, type Judge } from '../holder-move.ts'
import type { Act } from '../model/claiming.ts'
import { jsonIn } from '../model/company.ts'
import type { DurableTicket } from '../model/ticket.ts'
import { PROOF_ERRORS, proofOf } from '../proof-door.ts'
import { newStatus } from '../refresh-status.ts'
import { refreshFromNote } from '../refresh.ts'
import { enforceScope, SCOPE_ERRORS } from '../scope-door.ts'
import type { TicketStore } from '../store/ticket-store.ts'
import { inWorktree, MERGE_ERRORS } from '../worktree-door.ts'

export const closeTicket = defineOperation({
  name: 'close-ticket',
  summary: 'Close a durable ticket that one holds, as done; the integrator ticket closes its batch.',
  capability: 'tkt-close-db',
  effects: ['fs.read', 'fs.write', 'git.read', 'git.write', 'db.read', 'db.write', 'proc.exec'],
  input: Fields({
    ticket_id: Optional(ticketField('the ticket; else the one that the session holds')),
    session_id: Optional(sessionField()),
    claim_no: Optional(count('the number that the claim was answered with', 1)),
    resolution: Optional(longText('what was done, and how one can see that')),
    evidence: Optional(longTexts('what proves it; commit:SHA, file:PATH and cmd:COMMAND are checked')),
    output: Optional(longTexts('what came of it, for programs: JSON, or else text; repeatable')),
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
    ...MERGE_ERRORS,
  ],
  positional: ['ticket_id'],
  examples: [
    'close-ticket --ticket-id TKT-016 --session-id ses-1 --resolution "npm test: 12 passed"',
    'close-ticket TKT-016 --session-id ses-1 --evidence "cmd:npm test" --evidence commit:0a1b2c3',
    'close-ticket TKT-018 --session-id ses-9 --accept-blocked "TKT-017 waits for the next round"',
  ],
  run: async (
    { resolution, evidence: values, accept_blocked: accepted, output, ...said },
    context: DurableContext,
  ) => {
    const judgeIn =
      (folder: string | undefined): Judge =>
      async (ticket, store, act) => ({
        proof: await proofOf(context, store, ticket, { act, values, folder }),
        told: { refresh_status: await refreshed(context, store, { ticket, act, accepted }) },
      })
    return moveHeld(
      context,
      'close',
      { ...said, accepted, reason: resolution, outputs: output?.map(outputOf) },
      async (ticket, store, act) => {
        if (context.config().scope.at_close !== 'off') await enforceScope(context, ticket)
        const { worktree } = ticket
        const judge =
          worktree === undefined ? judgeIn(undefined) : await inWorktree(context, worktree, judgeIn)
        return judge(ticket, store, act)
      },
    )
  },
})

const outputOf = (text: string): unknown => {
  const json = jsonIn(text)
  return json === undefined ? text : json.value
}

interface Closing {
  readonly ticket: DurableTicket
  readonly act: Act
  readonly accepted: string | undefined
}

/** Of the integrator's note all must be done; what is new in it stops no worker from being done. */
async function refreshed(context: DurableContext, store: TicketStore, { ticket, act, accepted }: Closing) {
  const trigger = 'close-ticket'
  if (ticket.type === 'INTEGRATOR')
    return (await reportClosure(context, store, ticket, { act, trigger, accepted })).refresh_status
  return newStatus(
    await refreshFromNote(context, store, { batch: ticket.batch, trigger, session: act.session }),
  )
}
