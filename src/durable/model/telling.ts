/** Who may say something of a ticket. */
import type { Refusal } from '../../operation/refusal.ts'
import { judgeHolding, unknownTicket, type Act, type HoldingRefusal } from './claiming.ts'
import type { DurableTicket } from './ticket.ts'

/** Whether it may be said: of any ticket that is there, or by its holder alone. */
export function judgeTelling(
  ticket: DurableTicket | undefined,
  telling: { readonly key: string; readonly act: Act; readonly byHolder: boolean },
): { readonly ok: true; readonly ticket: DurableTicket } | Refusal<HoldingRefusal> {
  if (telling.byHolder) return judgeHolding(ticket, telling)
  if (ticket === undefined || ticket.deleted_ms !== undefined) return unknownTicket(telling.key, ticket)
  return { ok: true, ticket }
}
