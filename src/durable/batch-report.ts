/** What the reports of a batch have in common: the note is read, then the tickets are told as they are. */
import type { DurableContext } from './context.ts'
import { claimSummary, linesAt, MOST_TOLD, sortOut, type Sorted } from './model/claim-summary.ts'
import { SUBAGENT_USED, subagentsIn } from './model/subagent.ts'
import { inboxStatus, newStatus } from './refresh-status.ts'
import { refreshFromNote, type Refreshed, type RefreshWish } from './refresh.ts'
import type { TicketStore } from './store/ticket-store.ts'

/** What stands in the note, and in its inbox, as it concerns the session. */
export interface NoteReport {
  readonly refreshed: Refreshed
  /** What every report tells of the note. */
  readonly told: ReturnType<typeof toldOf>
}

/** Reads the note, and which tickets of its inbox may be claimed. */
export async function reportNote(
  context: DurableContext,
  store: TicketStore,
  wish: RefreshWish,
): Promise<NoteReport> {
  const refreshed = await refreshFromNote(context, store, wish)
  const keys = refreshed.outcome.inbox?.tickets ?? []
  const { now_ms } = refreshed
  const classes =
    keys.length === 0 ? [] : await store.overview({ keys, session: wish.session, now_ms, most: MOST_TOLD })
  return { refreshed, told: toldOf(refreshed, sortOut(classes)) }
}

function toldOf(refreshed: Refreshed, { work }: Sorted) {
  const latest_refresh = newStatus(refreshed)
  const latest_review_inbox_refresh = inboxStatus(refreshed)
  return {
    latest_refresh,
    latest_review_inbox_refresh,
    latest_review_inbox_check_at: latest_review_inbox_refresh.latest_review_inbox_check_at,
    latest_inbox_items_detected: latest_review_inbox_refresh.new_inbox_items_detected,
    review_inbox_claimable_worker_tickets: linesAt(refreshed.now_ms)(work),
    continue_due_to_inbox_items: work.count > 0,
  }
}

export interface BatchReport {
  readonly sorted: Sorted
  readonly summary: ReturnType<typeof claimSummary>
  readonly now_ms: number
}

/** The tickets of a batch, or of all, as they are now. */
export async function reportBatch(
  context: DurableContext,
  store: TicketStore,
  { batch, session }: Pick<RefreshWish, 'batch' | 'session'>,
): Promise<BatchReport> {
  const now_ms = context.now_ms()
  const sorted = sortOut(await store.overview({ batch, session, now_ms, most: MOST_TOLD }))
  const mine = sorted.mine.tickets[0]
  const uses = mine === undefined ? [] : subagentsIn(await store.events(mine.key, SUBAGENT_USED))
  const summary = claimSummary({ sorted, batch, session, now_ms, policy: context.policy(), uses })
  return { sorted, summary, now_ms }
}
