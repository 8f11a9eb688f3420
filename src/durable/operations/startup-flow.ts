/** What a session reads first: where the batch stands, and what to do. */
import { Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { reportBatch, reportNote } from '../batch-report.ts'
import type { DurableContext } from '../context.ts'
import { batchField, sessionField } from '../fields.ts'
import { startupContext } from '../model/startup-context.ts'

export const startupFlow = defineOperation({
  name: 'startup-flow',
  summary: 'Take in the note and tell a session that begins where the batch stands and what to do.',
  capability: 'tkt-startup-flow',
  effects: ['fs.read', 'db.read', 'db.write'],
  input: Fields({
    session_id: Optional(sessionField('whose view; else TKT_SESSION_ID or the like')),
    batch_id: Optional(batchField("the batch; else the note's")),
  }),
  output: Fields({ startup_context: Unknown() }),
  errors: ['DATABASE_UNAVAILABLE'],
  positional: ['session_id'],
  examples: ['startup-flow --session-id ses-1', 'startup-flow --session-id ses-1 --batch-id BATCH-5'],
  run: async ({ session_id, batch_id }, context: DurableContext) => {
    const session = session_id ?? context.session()
    return context.withStore(async (store) => {
      const note = await reportNote(context, store, { batch: batch_id, session, trigger: 'startup-flow' })
      const { batch } = note.refreshed
      const { sorted, summary, now_ms } = await reportBatch(context, store, { batch, session })
      const { owners } = context.config()
      return { startup_context: startupContext({ sorted, summary, told: note.told, now_ms, owners }) }
    })
  },
})
