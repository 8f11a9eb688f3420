/** Gives a session its next legal step: what it has in hand, else the best ticket that is free, else what it waits for. */
import { Boolean, Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { idempotencyField } from '../../operation/request-door.ts'
import { reportBatch, reportNote } from '../batch-report.ts'
import type { DurableContext } from '../context.ts'
import { batchField, channelField, sessionField, worktreeField } from '../fields.ts'
import { placed } from '../placed.ts'
import { namedAct, replayedIn } from '../request-door.ts'
import { CUT_ERRORS, cutterFor, placeTold } from '../worktree-door.ts'
import { loopState } from '../model/loop-state.ts'
import type { DurableTicket } from '../model/ticket.ts'

export const sessionLoop = defineOperation({
  name: 'session-loop',
  summary: 'Read the note, then give the session its ticket: the one in hand, else the best that is free.',
  capability: 'tkt-session-loop',
  effects: ['fs.read', 'fs.write', 'git.read', 'git.write', 'db.read', 'db.write'],
  input: Fields({
    session_id: Optional(sessionField()),
    batch_id: Optional(batchField('only tickets of this batch')),
    channel: Optional(channelField('claim only tickets of this channel')),
    worktree: Optional(worktreeField()),
    idempotency_key: Optional(idempotencyField()),
  }),
  output: Fields({ loop_state: Unknown(), replayed: Optional(Boolean()) }),
  errors: ['DATABASE_UNAVAILABLE', 'MISSING_SESSION_ID', 'IDEMPOTENCY_KEY_REUSED', ...CUT_ERRORS],
  positional: ['session_id'],
  examples: ['session-loop --session-id ses-1', 'session-loop --session-id ses-1 --batch-id BATCH-5'],
  run: async (input, context: DurableContext) => {
    const { session_id, batch_id: batch, channel, worktree } = input
    const { session } = context.actOf({ session_id })
    const terms = context.terms()
    const cut = await cutterFor(context, worktree)
    return context.withStore(async (store) => {
      const { told } = await reportNote(context, store, { batch, session, trigger: 'session-loop' })
      const act = await namedAct(await context.claimOf({ session_id }), 'session-loop', input)
      const got = await store.claimNext({ batch, channel, act, terms })
      const claimed = got && (await placed(store, got, { act, cut }))
      for (const warning of claimed?.warnings ?? []) context.warn(warning)
      const { sorted, summary, now_ms } = await reportBatch(context, store, { batch, session })
      const placeOf = (ticket: DurableTicket) => placeTold(context, { ...claimed, ticket })
      const loop_state = loopState({ claimed, placeOf, sorted, summary, told, now_ms })
      return { loop_state, ...replayedIn({ ...claimed }) }
    })
  },
})
