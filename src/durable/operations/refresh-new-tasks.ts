/** Takes in what is new in the note. */
import { Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { text } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { batchField, sessionField } from '../fields.ts'
import { newStatus } from '../refresh-status.ts'
import { refreshFromNote } from '../refresh.ts'

export const refreshNewTasks = defineOperation({
  name: 'refresh-new-tasks',
  summary: 'Take in the tasks that people wrote into the note; a note that is as it was costs one look.',
  capability: 'tkt-refresh-new',
  effects: ['fs.read', 'db.read', 'db.write'],
  input: Fields({
    batch_id: Optional(batchField('the batch of tasks that name none')),
    trigger_point: Optional(text('what goes on record as the reason (manual)')),
    session_id: Optional(sessionField('who reads')),
  }),
  output: Fields({ refresh_status: Unknown() }),
  errors: ['DATABASE_UNAVAILABLE'],
  examples: ['refresh-new-tasks', 'refresh-new-tasks --batch-id BATCH-5'],
  run: async (
    { batch_id: batch, trigger_point: trigger = 'manual', session_id: session },
    context: DurableContext,
  ) =>
    context.withStore(async (store) => ({
      refresh_status: newStatus(await refreshFromNote(context, store, { batch, trigger, session })),
    })),
})
