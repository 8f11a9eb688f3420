/** What `history` is told of durable tickets, in the form of its own events. */
import { OperationError } from '../operation/errors.ts'
import type { DurableContext } from './context.ts'
import type { Feed } from './store/ticket-store.ts'

interface Wanted {
  readonly ticket?: string | undefined
  /** Such as TICKET_CLAIMED. */
  readonly event?: string | undefined
  /** How many, at most. */
  readonly most: number
}

/** Of a store that is there: the newest first; `total` is of all that are wanted. A database that fails is warned of. */
export async function tellFeed(context: DurableContext, { ticket: key, event, most }: Wanted) {
  const type = event?.toLowerCase().replace('ticket_', 'ticket.')
  try {
    const { events, total } = await context.withStore((store) => store.feed({ key, type, limit: most }))
    return { events: events.map(rowOf), total }
  } catch (error) {
    if (!(error instanceof OperationError)) throw error
    context.warn(error.message) // survived: the history of the bundles is there
    return { events: [], total: 0 }
  }
}

function rowOf({ at_ms, type, key, actor, from, to, reason, claim_no, data }: Feed['events'][number]) {
  const told = { engine: 'durable', ticket: key, session: actor, from, to, reason, claim_no, ...data }
  return {
    at: new Date(at_ms).toISOString(),
    event: type.replace('.', '_').toUpperCase(),
    fields: Object.fromEntries(
      Object.entries(told).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
      ),
    ),
  }
}
