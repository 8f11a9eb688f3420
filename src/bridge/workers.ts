/** The workers of a bundle, as their files are. */
import type { BundleContext } from '../bundles/context.ts'
import { roleOf, type BundleId } from '../bundles/model/ids.ts'
import type { Ticket } from '../bundles/model/ticket.ts'
import { loadTickets } from '../bundles/store/reading.ts'
import { OperationError } from '../operation/errors.ts'
import type { Digest } from './model/publication.ts'

/** Throws FILE_UNREADABLE: what cannot be read may be what others wait for. */
export function workersOf(context: BundleContext, bundle: BundleId): readonly Ticket[] {
  const { things, unreadable } = loadTickets(context, bundle)
  const [first] = unreadable
  if (first !== undefined)
    throw new OperationError('FILE_UNREADABLE', `${bundle}/${first.id}: ${first.reason}`, {
      ...{ bundle, ticket: first.id, reason: first.reason },
    })
  return things.filter(({ id }) => roleOf(id) === 'worker')
}

/** Twelve digits of a SHA-256: what it is for are changes, not forgeries. */
export async function digestOf(): Promise<Digest> {
  const { createHash } = await import('node:crypto') // takes 6 ms to load
  return (text) => createHash('sha256').update(text).digest('hex').slice(0, 12)
}
