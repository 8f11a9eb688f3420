/** What a claim is answered with: at most 1 KB, whatever the ticket holds; show-ticket tells the rest. */
import { cut } from '../operation/page.ts'
import { recordOf } from './model/ticket.ts'
import type { Claimed } from './store/ticket-store.ts'

export function claimAnswer({ ticket, taken_over_from }: Claimed, now_ms: number) {
  const { lease_until, claim_no, depends_on: _, uuid: __, ...record } = recordOf(ticket, now_ms)
  return {
    ticket: { ...record, title: cut(record.title, 150), summary: cut(record.summary, 200) },
    claimed: true,
    claim_no,
    ...(lease_until === undefined ? {} : { lease_until }),
    ...(taken_over_from === undefined ? {} : { taken_over_from }),
  }
}
