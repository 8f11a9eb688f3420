/** Where a ticket is worked on: looked at, judged and written in one transaction, as claims are. */
import { judgeHolding, type HoldingRefusal } from '../../model/claiming.ts'
import type { DurableTicket } from '../../model/ticket.ts'
import type { Refusal } from '../../../operation/refusal.ts'
import type { WorktreeWish } from '../ticket-store.ts'
import { again } from './claims.ts'
import { writeEvent, type Place } from './place.ts'
import { findTicket } from './reading.ts'

export function keepWorktree(place: Place, wish: WorktreeWish): DurableTicket | Refusal<HoldingRefusal> {
  const { key, act, worktree } = wish
  return place.database.transaction(() => {
    const verdict = judgeHolding(findTicket(place, key), wish)
    if (!verdict.ok) return verdict
    const { seq, status, claim_no } = verdict.ticket
    const { session, now_ms } = act
    place.database.run(
      'UPDATE tickets SET worktree = ?, updated_ms = ? WHERE seq = ?',
      ...[JSON.stringify(worktree), now_ms, seq],
    )
    writeEvent(place, {
      ...{ ticket: seq, type: 'ticket.worktree_made', at_ms: now_ms, actor: session },
      ...{ from: status, to: status, claim_no, data: { worktree } },
    })
    return again(place, key)
  })
}
