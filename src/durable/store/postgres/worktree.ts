/** Where a ticket is worked on: judged, and written by one statement that writes nothing when the claim is not any more what was judged. */
import { judgeHolding, type HoldingRefusal } from '../../model/claiming.ts'
import type { DurableTicket } from '../../model/ticket.ts'
import type { Refusal } from '../../../operation/refusal.ts'
import { ticketOf } from '../rows.ts'
import type { WorktreeWish } from '../ticket-store.ts'
import { RaceLost } from './database.ts'
import { HANDED_ON, IS_CLAIM_OF, JOIN_CLAIM, selectWritten, type Place } from './place.ts'
import { findTicket } from './reading.ts'

export async function keepWorktree(
  place: Place,
  wish: WorktreeWish,
): Promise<DurableTicket | Refusal<HoldingRefusal>> {
  const { key, act, worktree } = wish
  const verdict = judgeHolding(await findTicket(place, key), wish)
  if (!verdict.ok) return verdict
  const { seq, claim } = verdict.ticket
  const { session, now_ms } = act
  const row = await place.database.one(KEEP, {
    ...{ seq, session, now_ms, held_no: claim?.claim_no, worktree: JSON.stringify(worktree) },
    data: JSON.stringify({ worktree }),
  })
  if (row === undefined) throw new RaceLost(`${key} was changed by others all the time`)
  return ticketOf(row)
}

const KEEP = `WITH picked AS MATERIALIZED (
  SELECT t.seq FROM tkt.tickets t JOIN tkt.claims c ON ${IS_CLAIM_OF}
  WHERE t.seq = :seq AND c.session = :session AND c.claim_no = :held_no FOR UPDATE),
written AS (
  UPDATE tkt.tickets t SET worktree = :worktree, updated_ms = :now_ms::bigint FROM picked WHERE t.seq = picked.seq
  RETURNING ${HANDED_ON}),
told AS (
  INSERT INTO tkt.events (at_ms, project, ticket, type, actor, from_status, to_status, claim_no, data)
  SELECT :now_ms, t.project, t.seq, 'ticket.worktree_made', :session, t.status, t.status, t.claim_no, :data FROM written t)
${selectWritten(JOIN_CLAIM)}`
