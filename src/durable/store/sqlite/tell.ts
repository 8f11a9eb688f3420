/** What is said of a ticket: an event, and nothing else. */
import type { HoldingRefusal } from '../../model/claiming.ts'
import { judgeTelling } from '../../model/telling.ts'
import type { Refusal } from '../../../operation/refusal.ts'
import type { Said, TellWish } from '../ticket-store.ts'
import { writeEvent, type Place } from './place.ts'
import { findTicket } from './reading.ts'

export function tell(place: Place, wish: TellWish): Said | Refusal<HoldingRefusal> {
  const { key, act, type, data } = wish
  return place.database.transaction(() => {
    const verdict = judgeTelling(findTicket(place, key), wish)
    if (!verdict.ok) return verdict
    const { ticket } = verdict
    const said = { ticket: ticket.seq, type, at_ms: act.now_ms, actor: act.session, data }
    return { ok: true, ticket, event: writeEvent(place, said) }
  })
}
