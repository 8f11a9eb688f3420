/** Tickets and bundles at a glance: what it takes to tell who can work on what. A long list of these is quick to read. */
import type { Bundle } from './bundle.ts'
import { lastMoveOf } from './holding.ts'
import type { Ticket } from './ticket.ts'
import { workersOf } from './ticket-moves.ts'

export interface Glance extends Pick<Ticket, Seen> {
  /** The ids it depends on; undefined for none, as of most tickets in most bundles. */
  readonly depends_on: readonly string[] | undefined
  /** When it last moved; undefined before the first move. */
  readonly moved_at: string | undefined
  /** Everybody who is on record as having worked on it; undefined for nobody. */
  readonly workers: readonly string[] | undefined
  /** How many acceptance criteria it has. */
  readonly criteria: number
}

type Seen =
  'id' | 'type' | 'title' | 'status' | 'claimed_by' | 'claimed_at' | 'claimed_session' | 'wave' | 'published'

export const glanceOf = (ticket: Ticket): Glance => ({
  id: ticket.id,
  type: ticket.type,
  title: ticket.title,
  status: ticket.status,
  claimed_by: ticket.claimed_by,
  claimed_at: ticket.claimed_at,
  claimed_session: ticket.claimed_session,
  wave: ticket.wave,
  depends_on: unlessEmpty(ticket.depends_on),
  published: ticket.published,
  moved_at: lastMoveOf(ticket),
  workers: unlessEmpty(workersOf(ticket)),
  criteria: ticket.acceptance_criteria.length,
})

export interface BundleGlance extends Pick<Bundle, 'id' | 'status' | 'priority'> {
  /** The ids it depends on; undefined for none. */
  readonly depends_on: readonly string[] | undefined
}

export const glanceOfBundle = ({ id, status, priority, depends_on }: Bundle): BundleGlance => ({
  ...{ id, status, priority },
  depends_on: unlessEmpty(depends_on),
})

/** An empty list is not kept: a thousand of them take time to read. */
const unlessEmpty = (list: readonly string[]): readonly string[] | undefined =>
  list.length === 0 ? undefined : list
