/** What a claim is answered with: at most 1 KB, whatever the ticket holds; show-ticket tells the rest. */
import { cut } from '../operation/page.ts'
import type { DurableContext } from './context.ts'
import type { Act } from './model/claiming.ts'
import { recordOf } from './model/ticket.ts'
import { warningOfOverlap } from './scope-door.ts'
import type { Claimed, TicketStore } from './store/ticket-store.ts'
import { placeTold, type Cut, type PlaceTold, type WithPlace } from './worktree-door.ts'

interface Asked {
  readonly act: Act
  /** Makes its worktree, where one is wanted. */
  readonly cut: Cut | undefined
}

/** Warns as well when the ticket may meet one that somebody else holds. */
export async function answerClaim(
  context: DurableContext,
  store: TicketStore,
  got: Claimed,
  { act, cut }: Asked,
) {
  const claimed: WithPlace = cut === undefined ? got : await cut(store, got, act)
  const { now_ms } = act
  const worktree = placeTold(context, claimed)
  const warning = await warningOfOverlap(context, store, claimed.ticket)
  if (warning !== undefined) context.warn(warning)
  const beside = { ...context.told(), ...(warning === undefined ? {} : { warnings: [warning] }) }
  return claimAnswer(claimed, { now_ms, worktree, beside })
}

interface Told {
  readonly now_ms: number
  readonly worktree: PlaceTold
  /** What else is told. */
  readonly beside: object
}

/** The title has room before the summary has; of a place with long names the branch is told, as that is what finds it. */
function claimAnswer({ ticket, taken_over_from }: Claimed, { now_ms, worktree, beside }: Told) {
  const { lease_until, claim_no, ...record } = recordOf(ticket, now_ms)
  const answerWith = (place: object, title = '', summary = '') => ({
    ticket: { ...record, title, source: cut(record.source, 40), summary, worktree: place },
    claimed: true,
    claim_no,
    ...(lease_until === undefined ? {} : { lease_until }),
    ...(taken_over_from === undefined ? {} : { taken_over_from }),
  })
  const roomBeside = (place: object): number => MOST_BYTES - bytesOf({ ...beside, ...answerWith(place) })
  const { branch, skipped } = worktree
  const place = roomBeside(worktree) >= 0 ? worktree : { branch, skipped }
  const room = roomBeside(place)
  const title = fitting(cut(record.title, 100), room)
  return answerWith(place, title, fitting(record.summary, room - bytesOf(title)))
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
