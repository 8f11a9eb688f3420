/** Takes in what a review wrote into the inbox of the note. */
import { Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { text } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { batchField, sessionField } from '../fields.ts'
import { inboxStatus } from '../refresh-status.ts'
import { refreshFromNote } from '../refresh.ts'

export const refreshReviewInbox = defineOperation({
  name: 'refresh-review-inbox',
  summary: 'Take in the tickets that a review wrote into the inbox of the note.',
  capability: 'tkt-refresh-inbox',
  effects: ['fs.read', 'db.read', 'db.write'],
  input: Fields({
    batch_id: Optional(batchField('the batch of tickets that name none')),
    trigger_point: Optional(text('what goes on record as the reason (manual)')),
    session_id: Optional(sessionField('who reads')),
  }),
  output: Fields({ refresh_status: Unknown() }),
  errors: ['DATABASE_UNAVAILABLE', 'REVIEW_INBOX_FORMAT_UNSUPPORTED'],
  examples: ['refresh-review-inbox', 'refresh-review-inbox --batch-id BATCH-5'],
  run: async (
    { batch_id: batch, trigger_point: trigger = 'manual', session_id: session },
    context: DurableContext,
  ) => {
    const refreshed = await context.withStore((store) =>
      refreshFromNote(context, store, { batch, trigger, session }),
    )
    const refusal = refreshed.outcome.refusals.find(
      ({ refused }) => refused === 'REVIEW_INBOX_FORMAT_UNSUPPORTED',
    )
    if (refusal === undefined) return { refresh_status: inboxStatus(refreshed) }
    throw new OperationError('REVIEW_INBOX_FORMAT_UNSUPPORTED', refusal.message, refusal.details)
  },
})
