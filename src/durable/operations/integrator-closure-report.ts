/** Tells the integrator whether the batch may be closed. */
import { Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { HOLDER_ERRORS } from '../holder-move.ts'
import type { DurableContext } from '../context.ts'
import { CLOSURE_ERRORS, heldIntegrator, reportClosure } from '../closure-report.ts'
import { sessionField, ticketField } from '../fields.ts'

export const integratorClosureReport = defineOperation({
  name: 'integrator-closure-report',
  summary:
    'Tell the holder of an integrator ticket whether its batch may be closed, after a look at the note.',
  capability: 'tkt-integrator-closure',
  effects: ['fs.read', 'db.read', 'db.write'],
  input: Fields({
    session_id: Optional(sessionField()),
    ticket_id: Optional(ticketField('the ticket; else the one that the session holds')),
  }),
  output: Fields({ closure_report: Unknown(), refresh_status: Unknown() }),
  errors: [...HOLDER_ERRORS, ...CLOSURE_ERRORS, 'TICKET_NOT_INTEGRATOR'],
  positional: ['session_id'],
  examples: [
    'integrator-closure-report --session-id ses-1',
    'integrator-closure-report ses-1 --ticket-id TKT-018',
  ],
  run: async ({ session_id, ticket_id }, context: DurableContext) => {
    const act = context.actOf({ session_id })
    return context.withStore(async (store) => {
      const ticket = await heldIntegrator(store, { key: ticket_id, act, terms: context.terms() })
      return reportClosure(context, store, ticket, { act, trigger: 'integrator-closure-report' })
    })
  },
})
