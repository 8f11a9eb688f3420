/** A ticket at a glance: what it takes to tell who can work on what. A long list of these is quick to read. */
import { lastMoveOf } from './holding.ts'
import type { Ticket } from './ticket.ts'
import { workersOf } from './ticket-moves.ts'

export interface Glance extends Pick<Ticket, Seen> {
  /** When it last moved; undefined before the first move. */
  readonly moved_at: string | undefined
  /** Everybody who is on record as having worked on it. */
  readonly workers: readonly string[]
  /** How many acceptance criteria it has. */
  readonly criteria: number
}

type Seen =
  | 'id'
  | 'type'
  | 'title'
  | 'status'
  | 'claimed_by'
  | 'claimed_at'
  | 'claimed_session'
  | 'wave'
  | 'depends_on'
  | 'published'

export const glanceOf = (ticket: Ticket): Glance => ({
  id: ticket.id,
  type: ticket.type,
  title: ticket.title,
  status: ticket.status,
  claimed_by: ticket.claimed_by,
  claimed_at: ticket.claimed_at,
  claimed_session: ticket.claimed_session,
  wave: ticket.wave,
  depends_on: ticket.depends_on,
  published: ticket.published,
  moved_at: lastMoveOf(ticket),
  workers: workersOf(ticket),
  criteria: ticket.acceptance_criteria.length,
})
