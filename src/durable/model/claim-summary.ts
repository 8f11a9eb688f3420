/** What a session is told of a batch: what it has, what it may have, and what others have (contracts: durable section 6.1). */
import { gather, type Gathered, type TicketClass } from './overview.ts'
import { collaborationPolicy, RULES_OF_CLOSURE, usageBlock, type Policy } from './policy.ts'
import type { SubagentUse } from './subagent.ts'
import { lineOf, type DurableTicket } from './ticket.ts'

export interface SummaryOf {
  readonly sorted: Sorted
  readonly batch: string | undefined
  readonly session: string | undefined
  readonly now_ms: number
  readonly policy: Policy
  /** Of the ticket that the session holds. */
  readonly uses: readonly SubagentUse[]
}

/** How many tickets of each class are told. */
export const MOST_TOLD = 5

/** The same tickets, sorted as reports ask for them; the counts are of all. */
export function sortOut(classes: readonly TicketClass[]) {
  const of = (isWanted: (one: TicketClass) => boolean): Gathered => gather(classes, isWanted)
  const isInHand = ({ status }: TicketClass): boolean =>
    status === 'CLAIMED' || status === 'IN_PROGRESS' || status === 'BLOCKED'
  const isWorker = ({ type }: TicketClass): boolean => type === 'WORKER'
  const mayBeClaimed = ({ claimable, holder }: TicketClass): boolean => claimable !== 'no' && holder !== 'me'
  return {
    all: of(() => true),
    mine: of((one) => isInHand(one) && one.holder === 'me'),
    others: of((one) => isInHand(one) && one.holder === 'other'),
    othersWork: of((one) => isInHand(one) && one.holder === 'other' && isWorker(one)),
    claimable: of(mayBeClaimed),
    work: of((one) => mayBeClaimed(one) && isWorker(one)),
    stale: of((one) => one.claimable === 'stale' && isWorker(one)),
    waiting: of((one) => one.status === 'OPEN' && one.claimable === 'no' && isWorker(one)),
    blocked: of(({ status }) => status === 'BLOCKED'),
    closed: of(({ status }) => status === 'CLOSED'),
    closedByMe: of(({ status, holder }) => status === 'CLOSED' && holder === 'me'),
    unresolved: of(({ status }) => status !== 'CLOSED' && status !== 'FAILED'),
    openWork: of(
      (one) => isWorker(one) && (one.status === 'OPEN' || (isInHand(one) && one.status !== 'BLOCKED')),
    ),
    stuckWork: of((one) => isWorker(one) && (one.status === 'BLOCKED' || one.status === 'FAILED')),
    closedWork: of((one) => isWorker(one) && one.status === 'CLOSED'),
    integrator: of(({ type }) => type === 'INTEGRATOR').tickets[0],
  }
}

export type Sorted = ReturnType<typeof sortOut>

export function claimSummary({ sorted, batch, session, now_ms, policy, uses }: SummaryOf) {
  const { all, mine, others, claimable, work, stale, waiting, blocked, closed, integrator } = sorted
  const lines = linesAt(now_ms)
  return {
    batch_id: batch ?? null,
    session_id: session ?? null,
    total_tickets: all.count,
    counts: {
      ...{ claimed_by_this_session: mine.count, claimed_by_other_sessions: others.count },
      ...{ claimable: claimable.count, claimable_workers: work.count, stale_workers: stale.count },
      ...{ waiting_workers: waiting.count, blocked: blocked.count, closed: closed.count },
    },
    claimed_by_this_session: lines(mine),
    currently_claimed_by_this_session: keysOf(mine),
    claimable_tickets: lines(claimable),
    claimed_by_other_sessions: lines(others),
    blocked_tickets: lines(blocked),
    closed_tickets: lines(closed),
    next_claimable_ticket: lines(claimable)[0] ?? null,
    claimable_worker_tickets: lines(work),
    stale_worker_tickets: lines(stale),
    next_claimable_worker_ticket: lines(work)[0] ?? null,
    integrator_ticket_status: integrator?.status ?? null,
    ...RULES_OF_CLOSURE,
    collaboration_policy: collaborationPolicy(policy),
    method_laws: policy,
    ...usageBlock(policy, mine.tickets[0]?.key ?? null, uses),
  }
}

/** The first tickets as lines, their titles cut short. */
export const linesAt =
  (now_ms: number) =>
  ({ tickets }: Gathered) =>
    tickets.slice(0, MOST_TOLD).map((ticket) => shortLine(ticket, now_ms))

export function shortLine(ticket: DurableTicket, now_ms: number) {
  const line = lineOf(ticket, now_ms)
  return {
    ...line,
    title: line.title.length > LONGEST_TITLE ? `${line.title.slice(0, LONGEST_TITLE - 1)}…` : line.title,
  }
}

const LONGEST_TITLE = 60

export const keysOf = ({ tickets }: Gathered): readonly string[] =>
  tickets.slice(0, MOST_TOLD).map(({ key }) => key)
