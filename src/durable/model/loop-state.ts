/** What `session-loop` says: the published keys (contracts: durable section 6.2), and what to do next. */
import { keysOf, shortLine, type claimSummary, type Sorted } from './claim-summary.ts'
import { legalityOf } from './closure.ts'
import { recordOf, type DurableTicket } from './ticket.ts'

export interface LoopStep {
  /** What the session was given; `isNew` false: it had it already. */
  readonly claimed:
    | {
        readonly ticket: DurableTicket
        readonly isNew: boolean
        readonly taken_over_from?: string | undefined
      }
    | undefined
  /** Where a ticket is to be worked on. */
  readonly placeOf: (ticket: DurableTicket) => object
  readonly sorted: Sorted
  readonly summary: ReturnType<typeof claimSummary>
  readonly told: Told
  readonly now_ms: number
}

interface Told {
  readonly latest_refresh: {
    readonly latest_new_check_at: string
    readonly new_items_detected: readonly object[]
    readonly new_tickets_ingested: readonly string[]
  }
  readonly latest_review_inbox_refresh: object
  readonly latest_review_inbox_check_at: string
  readonly latest_inbox_items_detected: readonly object[]
  readonly continue_due_to_inbox_items: boolean
}

type StopReason =
  | 'resume_claimed_ticket'
  | 'claimed_next_worker_ticket'
  | 'await_other_session_worker_resolution'
  | 'await_integrator_closure_after_refresh'

/** A blocked ticket is resumed only when there is nothing else to do. */
export function loopState({ claimed, placeOf, sorted, summary, told, now_ms }: LoopStep) {
  const { mine, work, othersWork, waiting, closedByMe, openWork, stuckWork, integrator } = sorted
  const active = claimed?.ticket ?? mine.tickets[0]
  const isClaim = claimed?.isNew === true
  const stop_reason: StopReason = isClaim
    ? 'claimed_next_worker_ticket'
    : active !== undefined
      ? 'resume_claimed_ticket'
      : othersWork.count > 0
        ? 'await_other_session_worker_resolution'
        : 'await_integrator_closure_after_refresh'
  const current_ticket = active === undefined ? null : shortLine(active, now_ms)
  const isOver = integrator === undefined || integrator.status === 'CLOSED' || integrator.status === 'FAILED'
  return {
    session_loop_entrypoint: 'tkt session-loop',
    batch_id: summary.batch_id,
    session_id: summary.session_id,
    active_ticket: active === undefined ? null : { ...activeOf(active, now_ms), worktree: placeOf(active) },
    ...{ current_ticket, claimed_ticket: isClaim ? current_ticket : null },
    ...(claimed?.taken_over_from === undefined ? {} : { taken_over_from: claimed.taken_over_from }),
    stop_reason,
    next_action: NEXT_ACTIONS[stop_reason],
    open_or_stale_remaining: work.count,
    waiting_workers: waiting.count,
    integrator_eligible: work.count === 0 && active === undefined && !isOver,
    ...legalityOf({ unresolved: openWork.count, stuck: stuckWork.count }),
    currently_claimed_by_this_session: keysOf(mine),
    tickets_claimed_sequentially: [...keysOf(closedByMe), ...(active === undefined ? [] : [active.key])],
    tickets_closed_this_session: keysOf(closedByMe),
    latest_refresh: told.latest_refresh,
    latest_refresh_at: told.latest_refresh.latest_new_check_at,
    latest_new_items_detected: told.latest_refresh.new_items_detected,
    latest_new_tickets_ingested: told.latest_refresh.new_tickets_ingested,
    latest_review_inbox_refresh: told.latest_review_inbox_refresh,
    latest_review_inbox_refresh_at: told.latest_review_inbox_check_at,
    latest_inbox_items_detected: told.latest_inbox_items_detected,
    continue_due_to_inbox_items: told.continue_due_to_inbox_items,
    ...usageOf(summary),
    method_laws: summary.method_laws,
    claim_summary: summary,
  }
}

const NEXT_ACTIONS: Readonly<Record<StopReason, string>> = {
  resume_claimed_ticket: 'resume_claimed_ticket',
  claimed_next_worker_ticket: 'work_claimed_ticket',
  await_other_session_worker_resolution: 'wait_for_other_session',
  await_integrator_closure_after_refresh: 'handoff_or_integrator_review',
}

/** The whole ticket, as far as it can be told in passing; show-ticket has it all. */
function activeOf(ticket: DurableTicket, now_ms: number) {
  const record = recordOf(ticket, now_ms)
  const short = (text: string): string =>
    text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text
  return {
    ...{ ...record, title: short(record.title), summary: short(record.summary) },
    required_work: ticket.required_work.slice(0, 5).map(short),
    acceptance: ticket.acceptance.slice(0, 5).map(short),
  }
}

const LONGEST_TEXT = 400

const usageOf = ({
  question_tool_used,
  question_tool_prompt_shape,
  scope_ticket_id,
  subagent_usage,
  subagent_playbook,
  why_subagent_was_needed_or_not_needed,
}: LoopStep['summary']) => ({
  ...{ question_tool_used, question_tool_prompt_shape, scope_ticket_id, subagent_usage, subagent_playbook },
  why_subagent_was_needed_or_not_needed,
})
