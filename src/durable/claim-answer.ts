/** What a claim is answered with: at most 1 KB, whatever the ticket holds; show-ticket tells the rest. */
import { cut } from '../operation/page.ts'
import type { DurableContext } from './context.ts'
import { recordOf } from './model/ticket.ts'
import { placed, type Asked } from './placed.ts'
import { replayedIn } from './request-door.ts'
import { warningOfOverlap } from './scope-door.ts'
import type { Claimed, TicketStore } from './store/ticket-store.ts'
import { placeTold, type PlaceTold } from './worktree-door.ts'

/** Warns as well when the ticket may meet one that somebody else holds. */
export async function answerClaim(context: DurableContext, store: TicketStore, got: Claimed, asked: Asked) {
  const claimed = await placed(store, got, asked)
  const { now_ms } = asked.act
  const worktree = placeTold(context, claimed)
  const overlap = await warningOfOverlap(context, store, claimed.ticket)
  const warnings = [...(claimed.warnings ?? []), ...(overlap === undefined ? [] : [overlap])]
  const told = (said: readonly string[]) =>
    claimAnswer(claimed, { now_ms, worktree, beside: { ...context.told(), warnings: said } })
  const said = told(warnings).room >= 0 ? warnings : warnings.map((warning) => cut(warning, SHORT_WARNING))
  for (const warning of said) context.warn(warning)
  return told(said).answer
}

/** It still says which ticket or folder, by its beginning if that is as long as the others. */
const SHORT_WARNING = 54

interface Told {
  readonly now_ms: number
  readonly worktree: PlaceTold
  /** What else is told. */
  readonly beside: object
}

/**
 * The title has room before the summary has. Beside long names the branch is told of a place, as that is what finds it, or
 * else nothing of it. Names of sessions are told whole, however often; `room` is below zero where that is too much.
 */
function claimAnswer(
  { ticket, taken_over_from, replayed = false }: Claimed,
  { now_ms, worktree, beside }: Told,
) {
  const { lease_until, claim_no, ...record } = recordOf(ticket, now_ms)
  const answerWith = (place: object, { source = '', title = '', summary = '' }) => ({
    ticket: { ...record, title, source, summary, worktree: place },
    claimed: true,
    claim_no,
    ...(lease_until === undefined ? {} : { lease_until }),
    ...(taken_over_from === undefined ? {} : { taken_over_from }),
    ...replayedIn({ replayed }),
  })
  const source = cut(record.source, 40)
  const roomFor = (place: object, texts: object): number =>
    MOST_BYTES - bytesOf({ ...beside, ...answerWith(place, texts) })
  const { branch, skipped } = worktree
  const place = [worktree, { branch, skipped }].find((one) => roomFor(one, { source }) >= 0)
  if (place === undefined) return { answer: answerWith({}, {}), room: roomFor({}, {}) }
  const room = roomFor(place, { source })
  const title = fitting(cut(record.title, 100), room)
  const summary = fitting(record.summary, room - bytesOf(title))
  return { answer: answerWith(place, { source, title, summary }), room }
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
