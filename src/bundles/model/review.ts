/** review.yaml: what a person reads to decide (contracts: filesystem section 4.5). */
import { describeCriterion, isCommand } from '../../evidence/acceptance.ts'
import type { FailedCriterion } from './carryover.ts'
import { unauditedWork } from './close-gates.ts'
import { AUDIT, type BundleId } from './ids.ts'
import type { RawMap } from './raw.ts'
import { reviewEntry, validEvidence } from './review-entry.ts'
import type { Ticket } from './ticket.ts'
import { transitionStats } from './transition-stats.ts'

export interface ReviewFacts {
  readonly bundle: BundleId
  readonly title: string
  readonly tickets: readonly Ticket[]
  readonly acceptance: AcceptanceResults
  readonly now: string
}

export interface AcceptanceResults {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly by_ticket: readonly RawMap[]
  readonly failures: readonly unknown[]
}

/** The parts a program writes; people's parts start empty and are never overwritten. */
export function reviewDocument(facts: ReviewFacts): RawMap {
  const { bundle, tickets, acceptance, now } = facts
  const [done, failed] = [countIn(tickets, 'done'), countIn(tickets, 'failed')]
  return {
    bundle,
    generated_at: now,
    generated_by: 'main-agent',
    summary: summaryOf(bundle, facts.title, done, failed),
    tickets_completed: done,
    tickets_failed: failed,
    evidence_summary: tickets.map(reviewEntry),
    acceptance_results: acceptance,
    audit_result: auditResult(tickets),
    discussion_points: [],
    next_actions: [],
    transition_stats: transitionStats(tickets),
  }
}

/** How the commands of every ticket's criteria went; plain sentences are for the auditor and count as skipped. */
export function acceptanceResults(
  tickets: readonly Ticket[],
  failures: readonly FailedCriterion[],
): AcceptanceResults {
  const by_ticket = tickets.map(({ id, title, acceptance_criteria }) => {
    const commands = acceptance_criteria.filter(isCommand).length
    const failed = failures.filter((failure) => failure.ticket_id === id).length
    return {
      ticket_id: id,
      title,
      passed: commands - failed,
      failed,
      skipped: acceptance_criteria.length - commands,
    }
  })
  const sum = (name: 'passed' | 'failed' | 'skipped'): number =>
    by_ticket.reduce((total, row) => total + row[name], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), by_ticket, failures }
}

/** The sentence that a program writes; anything else is a person's. */
export const isOwnSummary = (summary: string): boolean =>
  /^B-\d+ ".*" is closed: \d+ tickets? done, \d+ failed\.$/su.test(summary)

const summaryOf = (bundle: BundleId, title: string, done: number, failed: number): string =>
  `${bundle} ${JSON.stringify(title)} is closed: ${done} ticket${done === 1 ? '' : 's'} done, ${failed} failed.`

const countIn = (tickets: readonly Ticket[], status: string): number =>
  tickets.filter((ticket) => ticket.status === status).length

function auditResult(tickets: readonly Ticket[]): RawMap {
  const audit = tickets.find(({ id }) => id === AUDIT)
  const unaudited = unauditedWork(tickets)
  return {
    checked_items: (audit?.acceptance_criteria ?? []).map((item) => ({
      item: describeCriterion(item),
      status: 'checked',
    })),
    findings: audit?.summary === undefined ? [] : [audit.summary],
    quality_score: audit?.status === 'done' ? 1.0 : null,
    evidence: (audit === undefined ? undefined : validEvidence(audit)) ?? null,
    audited_by: audit?.claimed_by ?? null,
    ...(unaudited.length === 0 ? {} : { finished_after_audit: unaudited }),
  }
}
