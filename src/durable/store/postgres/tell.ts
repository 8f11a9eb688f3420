/** What is said of a ticket: an event, and nothing else; it is not written when its holder is another by then. */
import type { HoldingRefusal } from '../../model/claiming.ts'
import { judgeTelling } from '../../model/telling.ts'
import type { Refusal } from '../../../operation/refusal.ts'
import type { Said, TellWish } from '../ticket-store.ts'
import { HINT, RaceLost } from './database.ts'
import type { Place } from './place.ts'
import { findTicket } from './reading.ts'

export async function tell(place: Place, wish: TellWish): Promise<Said | Refusal<HoldingRefusal>> {
  const { key, act, type, data, byHolder } = wish
  const verdict = judgeTelling(await findTicket(place, key), wish)
  if (!verdict.ok) return verdict
  const { ticket } = verdict
  const row = await place.database.one(TELL, {
    ...{ seq: ticket.seq, now_ms: act.now_ms, type, session: act.session, data: JSON.stringify(data) },
    held_no: byHolder ? ticket.claim?.claim_no : undefined,
  })
  if (row === undefined) throw new RaceLost(`${key} was changed by others all the time`)
  return { ok: true, ticket, event: Number(row.seq) }
}

const TELL = `WITH picked AS MATERIALIZED (
  SELECT t.seq, t.project FROM tkt.tickets t WHERE t.seq = :seq AND t.deleted_ms IS NULL AND (:held_no::bigint IS NULL
    OR EXISTS (SELECT FROM tkt.claims c WHERE c.ticket = t.seq AND c.session = :session::text AND c.claim_no = :held_no))
  FOR UPDATE)
INSERT INTO tkt.events (at_ms, project, ticket, type, actor, data)
SELECT :now_ms::bigint, project, seq, :type, :session, :data FROM picked RETURNING seq ${HINT}`
