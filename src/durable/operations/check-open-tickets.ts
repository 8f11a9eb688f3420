/** Tells what is not over yet. */
import { Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { reportBatch, reportNote } from '../batch-report.ts'
import type { DurableContext } from '../context.ts'
import { batchField, sessionField } from '../fields.ts'
import { linesAt, shortLine } from '../model/claim-summary.ts'

export const checkOpenTickets = defineOperation({
  name: 'check-open-tickets',
  summary: 'Tell which durable tickets are not over yet, after a look at the note.',
  capability: 'tkt-check-open',
  effects: ['fs.read', 'db.read', 'db.write'],
  input: Fields({
    session_id: Optional(sessionField('whose view; else TKT_SESSION_ID or the like')),
    batch_id: Optional(batchField('only tickets of this batch')),
  }),
  output: Fields({ report: Unknown(), claim_summary: Unknown(), refresh_status: Unknown() }),
  errors: ['DATABASE_UNAVAILABLE'],
  positional: ['session_id'],
  examples: ['check-open-tickets', 'check-open-tickets --session-id ses-1 --batch-id BATCH-5'],
  run: async ({ session_id, batch_id: batch }, context: DurableContext) => {
    const session = session_id ?? context.session()
    return context.withStore(async (store) => {
      const { told } = await reportNote(context, store, { batch, session, trigger: 'check-open-tickets' })
      const { sorted, summary, now_ms } = await reportBatch(context, store, { batch, session })
      const active = sorted.mine.tickets[0]
      const report = {
        open_ticket_count: sorted.unresolved.count,
        active_ticket: active === undefined ? null : shortLine(active, now_ms),
        unresolved_tickets: linesAt(now_ms)(sorted.unresolved),
        ...told,
      }
      return { report, claim_summary: summary, refresh_status: told.latest_refresh }
    })
  },
})
