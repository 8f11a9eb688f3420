/** Tells a session what it has, what it may have, and what others have. */
import { Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { reportBatch, reportNote } from '../batch-report.ts'
import type { DurableContext } from '../context.ts'
import { batchField, sessionField } from '../fields.ts'

export const claimSummary = defineOperation({
  name: 'claim-summary',
  summary: 'Tell what a session holds, what may be claimed, and what others hold, after a look at the note.',
  capability: 'tkt-claim-summary',
  effects: ['fs.read', 'db.read', 'db.write'],
  input: Fields({
    session_id: Optional(sessionField('whose view; else TKT_SESSION_ID or the like')),
    batch_id: Optional(batchField('only tickets of this batch')),
  }),
  output: Fields({ claim_summary: Unknown(), refresh_status: Unknown() }),
  errors: ['DATABASE_UNAVAILABLE'],
  positional: ['session_id'],
  examples: ['claim-summary --session-id ses-1', 'claim-summary --session-id ses-1 --batch-id BATCH-5'],
  run: async ({ session_id, batch_id: batch }, context: DurableContext) => {
    const session = session_id ?? context.session()
    return context.withStore(async (store) => {
      const { told } = await reportNote(context, store, { batch, session, trigger: 'claim-summary' })
      const { summary } = await reportBatch(context, store, { batch, session })
      return { claim_summary: { ...summary, ...told }, refresh_status: told.latest_refresh }
    })
  },
})
