/** carryover.yaml: what a closed bundle left behind. */
import { originalDescription } from './carryover-description.ts'
import type { BundleId } from './ids.ts'
import type { RawMap } from './raw.ts'
import { reasonOf } from './review-entry.ts'
import type { Ticket } from './ticket.ts'

/** A criterion that did not hold (contracts: filesystem section 4.5); our two fields behind keep the check itself. */
export interface FailedCriterion {
  readonly ticket_id: string
  readonly title: string
  readonly criterion_index: number
  readonly run: string
  readonly exit_code: number | null
  readonly reason: string
  readonly stdout: string
  readonly stderr: string
  readonly expect_exit_code: number
  readonly expect_contains: string | null
}

/** The file's content; undefined when nothing is left behind. Failed tickets carry over too, with the reason stated. */
export function carryoverDocument(
  bundle: BundleId,
  tickets: readonly Ticket[],
  failures: readonly FailedCriterion[],
): { readonly bundle: BundleId; readonly carryover: readonly RawMap[] } | undefined {
  const carryover = tickets.flatMap((ticket): RawMap[] => {
    const own = failures.filter((failure) => failure.ticket_id === ticket.id)
    if (own.length === 0 && ticket.status !== 'failed') return []
    return [
      {
        ticket_id: ticket.id,
        title: ticket.title,
        carryover_from: `${bundle}/${ticket.id}`,
        reason: own.length > 0 ? 'acceptance_criteria_failed' : 'ticket_failed',
        failed_criteria: own,
        original_description: originalDescription(ticket.description),
        failure_reason: ticket.status === 'failed' ? (reasonOf(ticket) ?? null) : null,
      },
    ]
  })
  return carryover.length === 0 ? undefined : { bundle, carryover }
}
