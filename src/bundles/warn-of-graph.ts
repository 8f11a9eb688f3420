/** What an operation that sets the dependencies of a ticket says of them. They are never refused, as published tests add them before the tickets they name. */
import { cut } from '../operation/page.ts'
import type { BundleContext } from './context.ts'
import type { BundleId, TicketId } from './model/ids.ts'
import { waveKnots } from './model/readiness.ts'
import { cycleThrough, unknownDependencies } from './model/ticket-graph.ts'
import { glanceAtTickets } from './store/reading.ts'

/** Warns of tickets that do not exist, of a circle through this one, and of later waves that it depends on. */
export function warnOfGraph(context: BundleContext, bundle: BundleId, id: TicketId): void {
  const tickets = glanceAtTickets(context, bundle).things
  const own = tickets.filter((ticket) => ticket.id === id)
  const unknown = unknownDependencies(tickets).filter((name) =>
    own.some(({ depends_on }) => depends_on?.includes(name)),
  )
  if (unknown.length > 0)
    context.warn(`--depends-on names tickets that do not exist yet: ${cut(unknown.join(', '))}`)
  const cycle = cycleThrough(id, tickets)
  if (cycle !== undefined)
    context.warn(`the tickets wait for each other in a circle: ${cut(cycle.join(' -> '))}`)
  for (const knot of waveKnots(tickets)) if (knot.id === id) context.warn(knot.says)
}
