/** What `startup-flow` says: the published keys (contracts: durable section 6.3). */
import { shortLine, type claimSummary, type Sorted } from './claim-summary.ts'

export interface Startup {
  readonly sorted: Sorted
  readonly summary: ReturnType<typeof claimSummary>
  readonly told: Told
  readonly now_ms: number
  /** The skills that are named. */
  readonly owners: { readonly workflow: string; readonly review: string; readonly cockpit: string }
}

interface Told {
  readonly latest_refresh: object
  readonly latest_review_inbox_refresh: object
  readonly latest_review_inbox_check_at: string
  readonly latest_inbox_items_detected: readonly object[]
  readonly continue_due_to_inbox_items: boolean
}

export function startupContext({ sorted, summary, told, now_ms, owners }: Startup) {
  const active = sorted.mine.tickets[0]
  const active_ticket = active === undefined ? null : shortLine(active, now_ms)
  const current = active_ticket ?? summary.next_claimable_worker_ticket
  const recommended_action =
    active !== undefined
      ? 'continue_claimed_ticket'
      : sorted.work.count > 0
        ? 'claim_next_worker_ticket'
        : 'handoff_or_integrator_review'
  const isReviewTurn = recommended_action === 'handoff_or_integrator_review'
  const { batch_id } = summary
  return {
    ...summary,
    ...{ workflow_owner: owners.workflow, review_owner: owners.review, cockpit_owner: owners.cockpit },
    ...{ active_ticket, current_ticket_context: current, current_review_handoff_available: isReviewTurn },
    startup_entrypoint: 'tkt session-loop',
    startup_outputs: {
      current_batch_context: batch_id,
      current_ticket_context: current?.ticket_id ?? null,
      next_claimable_worker_ticket: summary.next_claimable_worker_ticket?.ticket_id ?? null,
      current_review_handoff_available: isReviewTurn,
      what_to_send_to_review_agent_next:
        current?.ticket_id ?? 'the report of `tkt integrator-closure-report`',
    },
    review_prompt_command:
      current === null ? 'tkt integrator-closure-report' : `tkt show-ticket ${current.ticket_id}`,
    recommended_action,
    ...told,
    question_tool_policy: summary.method_laws.question_tool_policy,
    fallback_policy: summary.method_laws.fallback_policy,
    subagent_policy: summary.method_laws.subagent_policy,
    cross_ticket_loophole_policy: summary.method_laws.cross_ticket_loophole_policy,
  }
}
