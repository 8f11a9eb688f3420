/** The moves of a ticket, judged: what changes in its file, or why not. Nothing here reads or writes. */
import { claimFields, refuseHeld, refuseStranger, takeOverReason, type Actor, type Idle } from './holding.ts'
import { roleOf } from './ids.ts'
import { ticketLifecycle, type TicketEvent, type TicketStatus } from './lifecycles.ts'
import { refuse, type Refusal } from '../../operation/refusal.ts'
import type { Ticket, Transition } from './ticket.ts'

/** Fields to set, by dotted path; `null` clears. */
export type Changes = Readonly<Record<string, string | number | null | readonly object[]>>

export interface Move {
  readonly ok: true
  readonly changes: Changes
  readonly transition: Transition
}

export interface Claim extends Move {
  readonly role: 'main' | 'audit' | 'worker'
  readonly claim_no: number
  /** Who held the blocked or stale ticket until now, when that was somebody else. */
  readonly taken_over_from?: string
}

export interface ClaimRequest {
  readonly agent: string
  readonly session_id?: string | undefined
  /** Whether a stale claim may be taken from its holder. */
  readonly takeOver: boolean
  /** How long nothing was heard of the holder. */
  readonly idle: Idle | undefined
}

/** Claims an open or blocked ticket, or a stale one. A held one answers CLAIM_CONFLICT with its holder and since when. */
export function judgeClaim(
  ticket: Ticket,
  request: ClaimRequest,
  now: string,
): Claim | Refusal<'CLAIM_CONFLICT' | 'TRANSITION_REFUSED' | 'TICKET_PUBLISHED'> {
  if (ticket.published !== undefined) return refusePublished(ticket.published)
  const { agent, idle } = request
  if (ticketLifecycle.isFinal(ticket.status)) return refuseMove(ticket, 'claimed')
  const isTakeOver = request.takeOver && idle?.isStale === true
  const to = ticketLifecycle.next(ticket.status, isTakeOver ? 'take_over' : 'claim')
  if (to === undefined) return refuseHeld(ticket, agent, idle)
  const previous = ticket.claimed_by
  const fields = claimFields(ticket, request, now)
  return {
    ok: true,
    role: roleOf(ticket.id),
    claim_no: fields.claim_no,
    changes: { status: to, ...fields, ...(isTakeOver ? { started_at: null } : {}) },
    transition: {
      from: ticket.status,
      to,
      timestamp: now,
      agent,
      ...(isTakeOver ? { reason: takeOverReason(previous, idle) } : {}),
    },
    ...(previous === undefined || (previous === agent && !isTakeOver) ? {} : { taken_over_from: previous }),
  }
}

export interface UpdateRequest extends Actor {
  readonly status: string
  readonly summary?: string
  readonly evidence?: string | undefined
  readonly reason?: string
  /** The claimant of TKT-000, who may act for a worker. */
  readonly coordinator: string | undefined
}

/**
 * Moves a ticket by `update` (contracts: filesystem sections 2.5 and 5.1), checks in the published order: the move,
 * the holder, the evidence. A claim that was lost is told before all that: whoever is late should know who has it now.
 */
export function judgeUpdate(
  ticket: Ticket,
  request: UpdateRequest,
  now: string,
): Move | Refusal<UpdateRefusal> {
  if (ticket.published !== undefined) return refusePublished(ticket.published)
  const stranger = refuseStranger(ticket, request, request.coordinator)
  if (stranger?.refused === 'CLAIM_LOST') return stranger
  const event = EVENTS.get(request.status)
  const to = event === undefined ? undefined : ticketLifecycle.next(ticket.status, event)
  if (to === undefined) return refuseMove(ticket, request.status)
  if (stranger !== undefined) return stranger
  const { agent, summary, evidence, reason } = request
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

type UpdateRefusal =
  | 'TICKET_PUBLISHED'
  | 'TRANSITION_REFUSED'
  | 'NOT_OWNER'
  | 'CLAIM_LOST'
  | 'EVIDENCE_REQUIRED'
  | 'INPUT_INVALID'

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
): Move | Refusal<'TRANSITION_REFUSED' | 'TICKET_PUBLISHED'> {
  if (ticket.published !== undefined) return refusePublished(ticket.published)
  const to = ticketLifecycle.next(ticket.status, 'reopen')
  return to === undefined ? refuseMove(ticket, 'open') : opened(ticket, to, request, now)
}

export interface ReleaseRequest extends Actor {
  readonly agent: string
  readonly reason?: string
  /** The claimant of TKT-000, who may act for a worker. */
  readonly coordinator: string | undefined
}

/** The holder gives the ticket back: open, and free to be claimed. */
export function judgeRelease(
  ticket: Ticket,
  request: ReleaseRequest,
  now: string,
): Move | Refusal<'TRANSITION_REFUSED' | 'NOT_OWNER' | 'CLAIM_LOST' | 'TICKET_PUBLISHED'> {
  if (ticket.published !== undefined) return refusePublished(ticket.published)
  const stranger = refuseStranger(ticket, request, request.coordinator)
  const to = ticketLifecycle.next(ticket.status, 'release')
  if (stranger !== undefined) return stranger
  return to === undefined ? refuseMove(ticket, 'open') : opened(ticket, to, request, now)
}

const opened = (
  { status: from }: Ticket,
  to: TicketStatus,
  { agent, reason }: { readonly agent?: string; readonly reason?: string },
  now: string,
): Move => ({
  ok: true,
  changes: { status: to, claimed_by: null, claimed_at: null, started_at: null, completed_at: null },
  transition: {
    from,
    to,
    timestamp: now,
    agent: agent ?? null,
    ...(reason === undefined ? {} : { reason }),
  },
})

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

/** What is worked on in the database moves there alone. */
const refusePublished = (ticket_id: string): Refusal<'TICKET_PUBLISHED'> =>
  refuse('TICKET_PUBLISHED', `${ticket_id} is worked on in the database`, { ticket_id })

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
