/** A session claims the best durable ticket that is free, in one call. */
import { Array as ListOf, Boolean, Integer, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { idempotencyField } from '../../operation/request-door.ts'
import { count } from '../../operation/schema.ts'
import { answerClaim } from '../claim-answer.ts'
import type { DurableContext } from '../context.ts'
import { batchField, channelField, sessionField, worktreeField } from '../fields.ts'
import { namedAct } from '../request-door.ts'
import { CUT_ERRORS, cutterFor } from '../worktree-door.ts'

export const nextTicket = defineOperation({
  name: 'next-ticket',
  summary: 'Claim the best durable ticket that is free; a session that holds one is given that again.',
  capability: 'tkt-next-db',
  effects: ['fs.write', 'git.read', 'git.write', 'db.read', 'db.write'],
  input: Fields({
    session_id: Optional(sessionField()),
    batch_id: Optional(batchField('only tickets of this batch')),
    channel: Optional(channelField('only tickets of this channel')),
    worktree: Optional(worktreeField()),
    count: Optional(count('claim up to so many at once, where a session may hold several', 1, 20)),
    idempotency_key: Optional(idempotencyField()),
  }),
  output: Fields({
    ticket: Unknown(),
    claimed: Boolean(),
    claim_no: Optional(Integer()),
    lease_until: Optional(String()),
    taken_over_from: Optional(String()),
    claims: Optional(ListOf(Unknown())),
    replayed: Optional(Boolean()),
    reason: Optional(String()),
  }),
  errors: ['DATABASE_UNAVAILABLE', 'MISSING_SESSION_ID', 'IDEMPOTENCY_KEY_REUSED', ...CUT_ERRORS],
  positional: ['session_id'],
  examples: [
    'next-ticket --session-id ses-1',
    'next-ticket --session-id ses-1 --batch-id BATCH-5',
    'next-ticket --session-id ses-1 --count 5',
  ],
  run: async (input, context: DurableContext) => {
    const { session_id, batch_id: batch, channel, worktree, count: most } = input
    const act = await namedAct(await context.claimOf({ session_id }), 'next-ticket', input)
    const terms = context.terms()
    const cut = await cutterFor(context, worktree)
    return context.withStore(async (store) => {
      if (most !== undefined) {
        const { claimSeveral } = await import('../claim-several.ts')
        return claimSeveral(context, store, { batch, channel, most, act, cut })
      }
      const claimed = await store.claimNext({ batch, channel, act, terms })
      if (claimed !== undefined) return answerClaim(context, store, claimed, { act, cut })
      const reason = 'nothing is free: all of it is in hand, over, or waits for other tickets'
      return { ticket: null, claimed: false, reason }
    })
  },
})
