/** What a claim is answered with: at most 1 KB, whatever the ticket holds; show-ticket tells the rest. */
import { cut } from '../operation/page.ts'
import { recordOf } from './model/ticket.ts'
import type { Claimed } from './store/ticket-store.ts'

export function claimAnswer({ ticket, taken_over_from }: Claimed, now_ms: number) {
  const { lease_until, claim_no, ...record } = recordOf(ticket, now_ms)
  const answer = {
    ticket: { ...record, title: cut(record.title, 100), source: cut(record.source, 40), summary: '' },
    claimed: true,
    claim_no,
    ...(lease_until === undefined ? {} : { lease_until }),
    ...(taken_over_from === undefined ? {} : { taken_over_from }),
  }
  const summary = fitting(record.summary, MOST_BYTES - bytesOf(answer))
  return { ...answer, ticket: { ...answer.ticket, summary } }
}

/** With what the envelope adds, and a warning. */
const MOST_BYTES = 960

/** As much of a text as has room as JSON. */
function fitting(text: string, room: number): string {
  for (let most = room; most > 3; most = Math.floor(most / 2)) {
    const part = cut(text, most)
    if (bytesOf(part) <= room) return part
  }
  return ''
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))
