/** What review.yaml tells of one ticket: how it stands, who did it, when, and on what evidence. */
import type { EvidenceCheck } from '../../evidence/record.ts'
import { ticketLifecycle } from './lifecycles.ts'
import type { RawMap } from './raw.ts'
import type { Ticket, Transition } from './ticket.ts'

/** The published fields first. Evidence of work that is not done any more stands in a field of its own. */
export function reviewEntry(ticket: Ticket): RawMap {
  const { id, title, status, claimed_by, evidence } = ticket
  const [move, valid] = [lastMove(ticket), validEvidence(ticket)]
  const checks = valid === undefined ? [] : ticket.evidence_checks
  const completed_at = ticketLifecycle.isFinal(status) ? (ticket.completed_at ?? move?.timestamp) : undefined
  return {
    ticket_id: id,
    title,
    evidence: valid ?? null,
    status,
    worked_by: claimed_by ?? (status === 'open' ? undefined : move?.agent) ?? null,
    completed_at: completed_at ?? null,
    ...(status === 'failed' || status === 'blocked' ? { reason: reasonOf(ticket) ?? null } : {}),
    ...(evidence === valid ? {} : { earlier_evidence: evidence }),
    ...(checks.length === 0 ? {} : { evidence_checks: checks.map(withoutOutput) }),
  }
}

/** What commands printed stays in the ticket. */
const withoutOutput = ({ output_tail: _, ...check }: EvidenceCheck) => check

/** Undefined for a ticket that was done once and is not now; what was said of a failure is evidence of that. */
export function validEvidence({ status, evidence, transition_log }: Ticket): string | undefined {
  const isUndone = status !== 'done' && transition_log.some(({ to }) => to === 'done')
  return isUndone ? undefined : evidence
}

/** Why a ticket is as it is. Notes that an earlier move left behind (`update --reason` writes both) do not count. */
export function reasonOf(ticket: Ticket): string | undefined {
  const { notes, transition_log } = ticket
  const isOfEarlierMove = transition_log.some(({ reason }) => reason === notes)
  return lastMove(ticket)?.reason ?? (isOfEarlierMove ? undefined : notes)
}

/** The move that brought it where it is; undefined when a hand has changed the status since. */
function lastMove({ status, transition_log }: Ticket): Transition | undefined {
  const move = transition_log.at(-1)
  return move?.to === status ? move : undefined
}
