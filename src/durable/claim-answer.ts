/** What a claim is answered with: at most 1 KB, whatever the ticket holds; show-ticket tells the rest. */
import { cut } from '../operation/page.ts'
import type { DurableContext } from './context.ts'
import type { Act } from './model/claiming.ts'
import { recordOf } from './model/ticket.ts'
import { warningOfOverlap } from './scope-door.ts'
import type { Claimed, TicketStore } from './store/ticket-store.ts'

/** Warns as well when the ticket may meet one that somebody else holds. */
export async function answerClaim(
  context: DurableContext,
  store: TicketStore,
  claimed: Claimed,
  { now_ms }: Act,
) {
  const warning = await warningOfOverlap(context, store, claimed.ticket)
  if (warning === undefined) return claimAnswer(claimed, now_ms, context.told())
  context.warn(warning)
  return claimAnswer(claimed, now_ms, { ...context.told(), warnings: [warning] })
}

/** `beside`: what else is told. The title has room before the summary has. */
function claimAnswer({ ticket, taken_over_from }: Claimed, now_ms: number, beside: object) {
  const { lease_until, claim_no, ...record } = recordOf(ticket, now_ms)
  const answer = {
    ticket: { ...record, title: '', source: cut(record.source, 40), summary: '' },
    claimed: true,
    claim_no,
    ...(lease_until === undefined ? {} : { lease_until }),
    ...(taken_over_from === undefined ? {} : { taken_over_from }),
  }
  const room = MOST_BYTES - bytesOf({ ...beside, ...answer })
  const title = fitting(cut(record.title, 100), room)
  const summary = fitting(record.summary, room - bytesOf(title))
  return { ...answer, ticket: { ...answer.ticket, title, summary } }
}

/** Without `ok`. */
const MOST_BYTES = 1000

/** As much of a text as has room as JSON. */
function fitting(text: string, room: number): string {
  for (let most = room; most > 3; most = Math.floor(most / 2)) {
    const part = cut(text, most)
    if (bytesOf(part) <= room) return part
  }
  return ''
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))
