/** Which tickets of a bundle can be worked on now, and what the others wait for. */
import { AUDIT, isTicketId, roleOf, type TicketId } from './ids.ts'
import { ticketLifecycle } from './lifecycles.ts'
import type { Ticket } from './ticket.ts'
import { workersOf } from './ticket-moves.ts'

export interface Readiness {
  readonly ticket: Ticket
  /** `held`: somebody works on it, or it is blocked; `over`: done or failed. */
  readonly state: 'ready' | 'waiting' | 'held' | 'over'
  /** The tickets that must be over first; empty unless it waits. */
  readonly waiting_on: readonly TicketId[]
}

/**
 * How each ticket stands, in the order given. A worker ticket waits until what it depends on is done and every earlier
 * wave is over; the audit until all work is over; TKT-000 is its coordinator's alone and never waits. Dependencies on
 * tickets that do not exist are no reason to wait, as published.
 */
export function readinessOf(tickets: readonly Ticket[]): readonly Readiness[] {
  const byId = new Map(tickets.map((ticket) => [ticket.id, ticket]))
  const workers = tickets.filter(({ id }) => roleOf(id) === 'worker')
  const unfinished = workers.filter(({ status }) => !ticketLifecycle.isFinal(status))
  const waitingOn = (ticket: Ticket): readonly TicketId[] => {
    if (roleOf(ticket.id) === 'main') return []
    if (roleOf(ticket.id) === 'audit') return unfinished.map(({ id }) => id)
    const needed = ticket.depends_on.filter(isTicketId).filter((id) => {
      const other = byId.get(id)
      return other !== undefined && other.id !== ticket.id && other.status !== 'done'
    })
    const earlier = unfinished.filter(({ wave }) => (wave ?? 0) < (ticket.wave ?? 0)).map(({ id }) => id)
    return [...new Set([...needed, ...earlier])]
  }
  return tickets.map((ticket) => {
    const waiting_on = ticket.status === 'open' ? waitingOn(ticket) : []
    return { ticket, state: stateOf(ticket, waiting_on), waiting_on }
  })
}

function stateOf({ status }: Ticket, waiting_on: readonly TicketId[]): Readiness['state'] {
  if (ticketLifecycle.isFinal(status)) return 'over'
  if (status !== 'open') return 'held'
  return waiting_on.length > 0 ? 'waiting' : 'ready'
}

/** What an agent may take next, the best first: worker tickets by wave and number, then an audit of others' work. */
export function workFor(agent: string, standing: readonly Readiness[]): readonly Ticket[] {
  const ready = standing.filter(({ state }) => state === 'ready').map(({ ticket }) => ticket)
  const workers = ready.filter(({ id }) => roleOf(id) === 'worker')
  const hasWorked = standing.some(
    ({ ticket }) => roleOf(ticket.id) === 'worker' && workersOf(ticket).includes(agent),
  )
  const audits = hasWorked ? [] : ready.filter(({ id }) => id === AUDIT)
  return [...workers.toSorted((one, other) => (one.wave ?? 0) - (other.wave ?? 0)), ...audits]
}
