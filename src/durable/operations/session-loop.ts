/** Gives a session its next legal step: what it has in hand, else the best ticket that is free, else what it waits for. */
import { Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { reportBatch, reportNote } from '../batch-report.ts'
import type { DurableContext } from '../context.ts'
import { batchField, sessionField, worktreeField } from '../fields.ts'
import { CUT_ERRORS, cutterFor, placeTold, type WithPlace } from '../worktree-door.ts'
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
    worktree: Optional(worktreeField()),
  }),
  output: Fields({ loop_state: Unknown() }),
  errors: ['DATABASE_UNAVAILABLE', 'MISSING_SESSION_ID', ...CUT_ERRORS],
  positional: ['session_id'],
  examples: ['session-loop --session-id ses-1', 'session-loop --session-id ses-1 --batch-id BATCH-5'],
  run: async ({ session_id, batch_id: batch, worktree }, context: DurableContext) => {
    const { session } = context.actOf({ session_id })
    const terms = context.terms()
    const cut = await cutterFor(context, worktree)
    return context.withStore(async (store) => {
      const { told } = await reportNote(context, store, { batch, session, trigger: 'session-loop' })
      const act = await context.claimOf({ session_id })
      const got = await store.claimNext({ batch, act, terms })
      const claimed: WithPlace | undefined = got && cut ? await cut(store, got, act) : got
      for (const warning of claimed?.warnings ?? []) context.warn(warning)
      const { sorted, summary, now_ms } = await reportBatch(context, store, { batch, session })
      const placeOf = (ticket: DurableTicket) => placeTold(context, { ...claimed, ticket })
      return { loop_state: loopState({ claimed, placeOf, sorted, summary, told, now_ms }) }
    })
  },
})
