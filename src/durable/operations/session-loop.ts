/** Gives a session its next legal step: what it has in hand, else the best ticket that is free, else what it waits for. */
import { Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { reportBatch, reportNote } from '../batch-report.ts'
import type { DurableContext } from '../context.ts'
import { batchField, sessionField } from '../fields.ts'
import { loopState } from '../model/loop-state.ts'

export const sessionLoop = defineOperation({
  name: 'session-loop',
  summary: 'Read the note, then give the session its ticket: the one in hand, else the best that is free.',
  capability: 'tkt-session-loop',
  effects: ['fs.read', 'db.read', 'db.write'],
  input: Fields({
    session_id: Optional(sessionField()),
    batch_id: Optional(batchField('only tickets of this batch')),
  }),
  output: Fields({ loop_state: Unknown() }),
  errors: ['DATABASE_UNAVAILABLE', 'MISSING_SESSION_ID'],
  positional: ['session_id'],
  examples: ['session-loop --session-id ses-1', 'session-loop --session-id ses-1 --batch-id BATCH-5'],
  run: async ({ session_id, batch_id: batch }, context: DurableContext) => {
    const { session } = context.actOf({ session_id })
    const terms = context.terms()
    return context.withStore(async (store) => {
      const { told } = await reportNote(context, store, { batch, session, trigger: 'session-loop' })
      const act = await context.claimOf({ session_id })
      const claimed = await store.claimNext({ batch, act, terms })
      const { sorted, summary, now_ms } = await reportBatch(context, store, { batch, session })
      return { loop_state: loopState({ claimed, sorted, summary, told, now_ms }) }
    })
  },
})
