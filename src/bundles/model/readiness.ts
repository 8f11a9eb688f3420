/** Which tickets of a bundle can be worked on now, and what the others wait for. */
import type { Glance } from './glance.ts'
import { AUDIT, roleOf, type TicketId } from './ids.ts'
import { ticketLifecycle } from './lifecycles.ts'
import { circleWarning } from './ticket-graph.ts'
import type { Ticket } from './ticket.ts'

/** What of a ticket decides how it stands. */
type Placed = Pick<Glance, 'id' | 'status' | 'wave' | 'depends_on' | 'published'>

export interface Readiness<T extends Placed = Ticket> {
  readonly ticket: T
  /**
   * `held`: somebody works on it, or it is blocked; `stale`: nothing was heard of them; `over`: done or failed; `published`:
   * it is worked on in the database.
   */
  readonly state: 'ready' | 'waiting' | 'held' | 'stale' | 'over' | 'published'
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
  const isUnmet = unmetAmong(tickets)
  const firstWave = unfinishedOf(tickets).reduce((first, one) => Math.min(first, waveOf(one)), Infinity)
  const isWaiting = (ticket: T): boolean =>
    firstWave < waveOf(ticket) || needsOf(ticket).some((id) => isUnmet(ticket, id))
  return tickets.map((ticket) => {
    const state = stateOf(ticket, isWaiting)
    return { ticket, state: state === 'held' && isStale(ticket) ? 'stale' : state }
  })
}

/** What a ticket that waits is waiting for, at most so much of it: what it needs, then what is left of earlier waves. */
export function waitedForAmong<T extends Placed>(
  tickets: readonly T[],
  most: number,
): (ticket: T) => readonly TicketId[] {
  const isUnmet = unmetAmong(tickets)
  const unfinished = unfinishedOf(tickets)
  const byWave = new Map<number, readonly TicketId[]>() // of few waves wait many tickets
  const before = (wave: number): readonly TicketId[] => {
    const ids = byWave.get(wave) ?? unfinished.filter((other) => waveOf(other) < wave).map(({ id }) => id)
    byWave.set(wave, ids)
    return ids
  }
  return (ticket) => {
    const needed = needsOf(ticket).filter((id) => isUnmet(ticket, id))
    return [...new Set([...needed, ...before(waveOf(ticket)).slice(0, most)])].slice(0, most)
  }
}

const unfinishedOf = <T extends Placed>(tickets: readonly T[]): readonly T[] =>
  tickets.filter(({ id, status }) => roleOf(id) === 'worker' && !ticketLifecycle.isFinal(status))

/** The audit comes behind all waves, and before TKT-000 there is none. */
function waveOf({ id, wave = 0 }: Placed): number {
  const role = roleOf(id)
  if (role === 'worker') return wave
  return role === 'audit' ? Infinity : -Infinity
}

/** Only workers wait for what they depend on. */
const needsOf = (ticket: Placed): readonly string[] =>
  needs(ticket) && roleOf(ticket.id) === 'worker' ? ticket.depends_on : NONE

const NONE: readonly string[] = []

const needs = <T extends Placed>(ticket: T): ticket is T & { depends_on: readonly string[] } =>
  ticket.depends_on !== undefined && ticket.depends_on.length > 0

/** Whether there is such a ticket, another one, that is not done. */
function unmetAmong(tickets: readonly Placed[]): (ticket: Placed, needed: string) => needed is TicketId {
  let statuses: ReadonlyMap<string, string> | undefined
  return (ticket, needed): needed is TicketId => {
    statuses ??= new Map(tickets.map(({ id, status }) => [id, status]))
    return needed !== ticket.id && (statuses.get(needed) ?? 'done') !== 'done'
  }
}

/**
 * What circleWarning tells, or else that a ticket depends on one of a later wave: that wave waits for it, so both wait for
 * ever. Undefined when nothing does.
 */
export function deadlockWarning(tickets: readonly Placed[]): string | undefined {
  const needing = tickets.filter(needs)
  if (needing.length === 0) return undefined
  const circle = circleWarning(needing)
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
  const waves = new Map<string, number>(open.map((ticket) => [ticket.id, waveOf(ticket)]))
  return open.filter(needs).flatMap((ticket) =>
    ticket.depends_on
      .filter((other) => (waves.get(other) ?? 0) > waveOf(ticket))
      .map((other) => ({
        id: ticket.id,
        says: `${ticket.id} depends on ${other} of a later wave, which waits for it`,
      })),
  )
}

function stateOf<T extends Placed>(ticket: T, isWaiting: (ticket: T) => boolean): Readiness['state'] {
  const { status, published } = ticket
  if (ticketLifecycle.isFinal(status)) return 'over'
  if (published !== undefined) return 'published'
  if (status !== 'open') return 'held'
  return isWaiting(ticket) ? 'waiting' : 'ready'
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
    standing.some(({ ticket }) => roleOf(ticket.id) === 'worker' && ticket.workers?.includes(agent) === true)
  const audits = ready.filter(({ id }) => id === AUDIT && !hasWorked())
  return [...workers.toSorted((one, other) => (one.wave ?? 0) - (other.wave ?? 0)), ...audits]
}
