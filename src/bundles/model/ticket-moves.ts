/** The moves of a ticket, judged: what changes in its file, or why not. Nothing here reads or writes. */
import { roleOf } from './ids.ts'
import { ticketLifecycle, type TicketEvent, type TicketStatus } from './lifecycles.ts'
import { refuse, type Refusal } from './refusal.ts'
import type { Ticket, Transition } from './ticket.ts'

/** Fields to set, by dotted path; `null` clears. */
export type Changes = Readonly<Record<string, string | number | null>>

export interface Move {
  readonly ok: true
  readonly changes: Changes
  readonly transition: Transition
}

export interface Claim extends Move {
  readonly role: 'main' | 'audit' | 'worker'
  /** Who held the blocked ticket until now, when that was somebody else. */
  readonly taken_over_from?: string
}

/** Claims an open or blocked ticket. A held one answers CLAIM_CONFLICT with its holder and since when. */
export function judgeClaim(
  ticket: Ticket,
  agent: string,
  now: string,
): Claim | Refusal<'CLAIM_CONFLICT' | 'TRANSITION_REFUSED'> {
  const to = ticketLifecycle.next(ticket.status, 'claim')
  if (to === undefined)
    return ticketLifecycle.isFinal(ticket.status) ? refuseMove(ticket, 'claimed') : refuseHeld(ticket, agent)
  const previous = ticket.claimed_by
  return {
    ok: true,
    role: roleOf(ticket.id),
    changes: { status: to, claimed_by: agent, claimed_at: now },
    transition: { from: ticket.status, to, timestamp: now, agent },
    ...(previous === undefined || previous === agent ? {} : { taken_over_from: previous }),
  }
}

export interface UpdateRequest {
  readonly status: string
  readonly agent?: string
  readonly summary?: string
  readonly evidence?: string
  readonly reason?: string
  /** The claimant of TKT-000, who may act for a worker. */
  readonly coordinator: string | undefined
}

/**
 * Moves a ticket by `update` (contracts: filesystem sections 2.5 and 5.1), checks in the published order: the move,
 * the holder, the evidence. Without an agent the holder is taken to act.
 */
export function judgeUpdate(
  ticket: Ticket,
  request: UpdateRequest,
  now: string,
): Move | Refusal<'TRANSITION_REFUSED' | 'NOT_OWNER' | 'EVIDENCE_REQUIRED' | 'INPUT_INVALID'> {
  const event = EVENTS.get(request.status)
  const to = event === undefined ? undefined : ticketLifecycle.next(ticket.status, event)
  if (to === undefined) return refuseMove(ticket, request.status)
  const { agent, summary, evidence, reason } = request
  if (
    agent !== undefined &&
    ticket.claimed_by !== undefined &&
    ![ticket.claimed_by, request.coordinator].includes(agent)
  ) {
    return refuse(
      'NOT_OWNER',
      `${ticket.id} is held by ${ticket.claimed_by}, not by ${agent}`,
      holderOf(ticket),
    )
  }
  if (to === 'done' && (evidence ?? '').trim() === '') {
    return refuse('EVIDENCE_REQUIRED', `${ticket.id} cannot be done without evidence`, { ticket: ticket.id })
  }
  if (to === 'blocked' && (reason ?? '').trim() === '') {
    return refuse('INPUT_INVALID', '--reason is missing: say why the ticket is blocked', {
      missing: ['reason'],
    })
  }
  return {
    ok: true,
    changes: {
      status: to,
      ...(to === 'in_progress' && ticket.started_at === undefined ? { started_at: now } : {}),
      ...(ticketLifecycle.isFinal(to) ? { completed_at: now } : {}),
      ...(summary === undefined ? {} : { 'result.summary': summary }),
      ...(reason === undefined ? {} : { 'result.notes': reason }),
      ...(evidence === undefined ? {} : { 'result.evidence': evidence }),
    },
    transition: {
      from: ticket.status,
      to,
      timestamp: now,
      agent: agent ?? ticket.claimed_by ?? null,
      ...(reason === undefined ? {} : { reason }),
    },
  }
}

/** The event behind a status that `update` may ask for; claiming and reopening have operations of their own. */
const EVENTS: ReadonlyMap<string, TicketEvent> = new Map([
  ['in_progress', 'start'],
  ['done', 'finish'],
  ['failed', 'fail'],
  ['blocked', 'block'],
])

/** Back to open, free to be claimed. Result and evidence stay readable until the next result. */
export function judgeReopen(
  ticket: Ticket,
  request: { readonly reason: string; readonly agent?: string },
  now: string,
): Move | Refusal<'TRANSITION_REFUSED'> {
  const to = ticketLifecycle.next(ticket.status, 'reopen')
  if (to === undefined) return refuseMove(ticket, 'open')
  return {
    ok: true,
    changes: { status: to, claimed_by: null, claimed_at: null, started_at: null, completed_at: null },
    transition: {
      from: ticket.status,
      to,
      timestamp: now,
      agent: request.agent ?? null,
      reason: request.reason,
    },
  }
}

/** What `close` does to TKT-000: done, whatever it was, with the gates as its evidence. */
export function finishIntegrate(ticket: Ticket, agent: string | null, evidence: string, now: string): Move {
  const to: TicketStatus = 'done'
  const own = ticket.status === 'done' && ticket.evidence !== undefined
  return {
    ok: true,
    changes: {
      status: to,
      completed_at: ticket.completed_at ?? now,
      ...(ticket.summary === undefined
        ? { 'result.summary': 'All gates passed; the bundle is closed.' }
        : {}),
      ...(own ? {} : { 'result.evidence': evidence }),
    },
    transition: { from: ticket.status, to, timestamp: now, agent },
  }
}

/** Everybody who is on record as having worked on a ticket: holders, and agents who moved it. */
export function workersOf(ticket: Ticket): readonly string[] {
  const moved = ticket.transition_log.flatMap(({ to, agent }) =>
    agent === null || to === 'open' ? [] : [agent],
  )
  return [...new Set([...(ticket.claimed_by === undefined ? [] : [ticket.claimed_by]), ...moved])]
}

function refuseHeld(ticket: Ticket, agent: string): Refusal<'CLAIM_CONFLICT'> {
  const since = ticket.claimed_at === undefined ? '' : ` since ${ticket.claimed_at}`
  const holder = ticket.claimed_by ?? 'somebody who left no name'
  const message = `${ticket.id} is held by ${holder}${since}`
  const own = 'that is your name: if the claim was yours, go on with `tkt update`; else claim another ticket'
  return refuse('CLAIM_CONFLICT', message, holderOf(ticket), ticket.claimed_by === agent ? own : undefined)
}

const holderOf = (ticket: Ticket) => ({
  ticket: ticket.id,
  status: ticket.status,
  claimed_by: ticket.claimed_by ?? null,
  claimed_at: ticket.claimed_at ?? null,
})

function refuseMove(ticket: Ticket, to: string): Refusal<'TRANSITION_REFUSED'> {
  const allowed = ticketLifecycle
    .accepts(ticket.status)
    .map((event) => ticketLifecycle.next(ticket.status, event))
  const found = [...new Set(allowed)]
  const ways = ticketLifecycle.isFinal(ticket.status) ? '' : `, only ${found.join(' or ')}`
  return refuse(
    'TRANSITION_REFUSED',
    `${ticket.id} is ${ticket.status}: it cannot become ${to}${ways}`,
    { ticket: ticket.id, from: ticket.status, to, allowed: found },
    wayTo(to, ticket.status),
  )
}

/** The command that makes the wished move possible. */
function wayTo(to: string, from: TicketStatus): string | undefined {
  if (to !== 'claimed' && !EVENTS.has(to) && to !== 'open') {
    return `--status is one of ${[...EVENTS.keys()].join(', ')}`
  }
  if (to === 'open' || ticketLifecycle.isFinal(from))
    return '`tkt reopen` with a --reason makes it open again'
  return ticketLifecycle.next(from, 'claim') === undefined ? undefined : 'claim it first, with `tkt claim`'
}
