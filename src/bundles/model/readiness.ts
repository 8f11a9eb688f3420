/** Which tickets of a bundle can be worked on now, and what the others wait for. */
import { AUDIT, isTicketId, roleOf, type TicketId } from './ids.ts'
import { ticketLifecycle } from './lifecycles.ts'
import { circleWarning } from './ticket-graph.ts'
import type { Glance } from './glance.ts'
import type { Ticket } from './ticket.ts'

/** What of a ticket decides how it stands. */
type Placed = Pick<Ticket, 'id' | 'status' | 'wave' | 'depends_on' | 'published'>

export interface Readiness<T extends Placed = Ticket> {
  readonly ticket: T
  /**
   * `held`: somebody works on it, or it is blocked; `stale`: nothing was heard of them; `over`: done or failed; `published`:
   * it is worked on in the database.
   */
  readonly state: 'ready' | 'waiting' | 'held' | 'stale' | 'over' | 'published'
  /** The tickets that must be over first; empty unless it waits. */
  readonly waiting_on: readonly TicketId[]
}

/**
 * How each ticket stands, in the order given. A worker ticket waits until what it depends on is done and every earlier
 * wave is over; the audit until all work is over; TKT-000 is its coordinator's alone and never waits. Dependencies on
 * tickets that do not exist are no reason to wait, as published.
 */
export function readinessOf<T extends Placed>(
  tickets: readonly T[],
  isStale: (ticket: T) => boolean = () => false,
): readonly Readiness<T>[] {
  let byId: ReadonlyMap<TicketId, T> | undefined
  const workers = tickets.filter(({ id }) => roleOf(id) === 'worker')
  const unfinished = workers.filter(({ status }) => !ticketLifecycle.isFinal(status))
  const before = earlierThan(unfinished)
  const waitingOn = (ticket: T): readonly TicketId[] => {
    if (roleOf(ticket.id) === 'main') return []
    if (roleOf(ticket.id) === 'audit') return before(Infinity)
    const earlier = before(ticket.wave ?? 0)
    if (ticket.depends_on.length === 0) return earlier
    const needed = ticket.depends_on.filter(isTicketId).filter((id) => {
      const other = (byId ??= new Map(tickets.map((one) => [one.id, one]))).get(id)
      return other !== undefined && other.id !== ticket.id && other.status !== 'done'
    })
    return needed.length === 0 ? earlier : [...new Set([...needed, ...earlier])]
  }
  return tickets.map((ticket) => {
    const waiting_on = ticket.status === 'open' ? waitingOn(ticket) : []
    const state = stateOf(ticket, waiting_on)
    return { ticket, state: state === 'held' && isStale(ticket) ? 'stale' : state, waiting_on }
  })
}

/**
 * What circleWarning tells, or else that a ticket depends on one of a later wave: that wave waits for it, so both wait for
 * ever. Undefined when nothing does.
 */
export function deadlockWarning(tickets: readonly Placed[]): string | undefined {
  if (tickets.every(({ depends_on }) => depends_on.length === 0)) return undefined
  const circle = circleWarning(tickets)
  if (circle !== undefined) return circle
  const [first, ...others] = waveKnots(tickets)
  if (first === undefined) return undefined
  return `${first.says}${others.length === 0 ? '' : `, and ${others.length} more like it`}`
}

/** An open worker that depends on one of a later wave, which nobody has taken yet. */
export interface WaveKnot {
  readonly id: TicketId
  readonly says: string
}

export function waveKnots(tickets: readonly Placed[]): readonly WaveKnot[] {
  const open = tickets.filter(({ id, status }) => roleOf(id) === 'worker' && status === 'open')
  const waves = new Map<string, number>(open.map(({ id, wave = 0 }) => [id, wave]))
  return open.flatMap(({ id, depends_on, wave = 0 }) =>
    depends_on
      .filter((other) => (waves.get(other) ?? 0) > wave)
      .map((other) => ({ id, says: `${id} depends on ${other} of a later wave, which waits for it` })),
  )
}

/** The ids of earlier waves, gathered once a wave: a large bundle has many tickets and few waves. */
function earlierThan(tickets: readonly Placed[]): (wave: number) => readonly TicketId[] {
  const found = new Map<number, readonly TicketId[]>()
  return (wave) => {
    const ids = found.get(wave) ?? tickets.filter((ticket) => (ticket.wave ?? 0) < wave).map(({ id }) => id)
    found.set(wave, ids)
    return ids
  }
}

function stateOf({ status, published }: Placed, waiting_on: readonly TicketId[]): Readiness['state'] {
  if (ticketLifecycle.isFinal(status)) return 'over'
  if (published !== undefined) return 'published'
  if (status !== 'open') return 'held'
  return waiting_on.length > 0 ? 'waiting' : 'ready'
}

/**
 * What an agent may take next, the best first: worker tickets by wave and number, then an audit of others' work. With
 * `takeOver` stale claims count as well.
 */
export function workFor(
  agent: string,
  standing: readonly Readiness<Glance>[],
  takeOver = false,
): readonly Glance[] {
  const isFree = ({ state }: Readiness<Glance>): boolean =>
    state === 'ready' || (takeOver && state === 'stale')
  const ready = standing.filter(isFree).map(({ ticket }) => ticket)
  const workers = ready.filter(({ id }) => roleOf(id) === 'worker')
  const hasWorked = (): boolean =>
    standing.some(({ ticket }) => roleOf(ticket.id) === 'worker' && ticket.workers.includes(agent))
  const audits = ready.filter(({ id }) => id === AUDIT && !hasWorked())
  return [...workers.toSorted((one, other) => (one.wave ?? 0) - (other.wave ?? 0)), ...audits]
}
