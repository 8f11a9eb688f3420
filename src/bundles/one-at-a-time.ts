/** `ticket.one_ticket_at_a_time`: an agent who holds a ticket gets no second one, however many claims race. */
import { OperationError } from '../operation/errors.ts'
import type { BundleContext } from './context.ts'
import { isHolderStale } from './lease.ts'
import { isFinished } from './model/bundle.ts'
import { isHeld, type Sighted } from './model/holding.ts'
import { INTEGRATE } from './model/ids.ts'
import { glanceAtTickets, glanceAtBundles, loadExpresses } from './store/reading.ts'

/** Runs `claim`, where the configuration wants it as the only claim of the project. Throws ALREADY_HOLDS. */
export async function onlyOneAtATime<T>(
  context: BundleContext,
  { agent, id }: { readonly agent: string; readonly id: string },
  claim: () => Promise<T>,
): Promise<T> {
  if (!context.config().one_ticket_at_a_time) return claim()
  // Before the locks of bundles and express tickets, which the claim takes.
  return context.locked('claims', () => {
    const held = heldBy(context, agent).filter((other) => other !== id)
    if (held.length === 0) return claim()
    throw new OperationError('ALREADY_HOLDS', `${agent} holds ${held.slice(0, 5).join(', ')} already`, {
      agent,
      held: held.slice(0, 20),
    })
  })
}

/** What an agent is at work on; a claim that went stale keeps nobody from other work, and coordinating is no ticket's work. */
function heldBy(context: BundleContext, agent: string): readonly string[] {
  const isOwn = (one: Sighted & { readonly id: string }): boolean =>
    isHeld(one) && one.claimed_by === agent && one.id !== INTEGRATE && !isHolderStale(context, one)
  const bundles = glanceAtBundles(context).things.filter((bundle) => !isFinished(bundle))
  const tickets = bundles.flatMap(({ id }) =>
    glanceAtTickets(context, id)
      .things.filter(isOwn)
      .map((ticket) => `${id}/${ticket.id}`),
  )
  const express = loadExpresses(context).things.filter(isOwn)
  return [...tickets, ...express.map(({ id }) => id)]
}
