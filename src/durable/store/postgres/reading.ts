/** Reads tickets and their events. */
import type { DurableTicket } from '../../model/ticket.ts'
import type { Wait } from '../../model/waiting.ts'
import { COUNTS, countsOf, filtersOf, urgencyOf } from '../list-filters.ts'
import { eventOf, heldOf, ticketOf } from '../rows.ts'
import type { Feed, FeedWanted, Held, Listed, ListWanted, OtherName, TicketEvent } from '../ticket-store.ts'
import { JOIN_CLAIM, selectTickets, type Place } from './place.ts'
import { IS_UNRESOLVED, isIn } from './turn.ts'

export async function findTicket(
  { database, project }: Place,
  key: string,
): Promise<DurableTicket | undefined> {
  const row = await database.one(FIND, { project, key })
  return row === undefined ? undefined : ticketOf(row)
}

export const FIND = `${selectTickets('tkt.tickets', JOIN_CLAIM)} WHERE t.project = :project AND t.key = :key`

export async function lookUp(
  { database, project }: Place,
  { number, uuid }: OtherName,
): Promise<readonly string[]> {
  const rows = await database.all(
    `SELECT key FROM tkt.tickets WHERE project = :project AND (seq = :number::bigint OR uuid::text LIKE :beginning::text)
     ORDER BY seq LIMIT 3`,
    { project, number, beginning: uuid && `${uuid}%` },
  )
  return rows.map(({ key }) => key as string)
}

export async function listTickets({ database, project }: Place, wanted: ListWanted): Promise<Listed> {
  const { batch, unresolvedOnly = false, visibleOnly = false, limit, offset } = wanted
  const filters = filtersOf(wanted, 'tkt.')
  const where = [
    't.project = :project AND t.deleted_ms IS NULL',
    isIn({ batch }),
    ...filters.map(({ column, name }) => `${column} IN (SELECT jsonb_array_elements_text(:${name}::jsonb))`),
    ...urgencyOf(wanted),
    ...(unresolvedOnly ? [IS_UNRESOLVED] : []),
  ].join(' AND ')
  const asked = Object.fromEntries(filters.map(({ name, values }) => [name, values]))
  const values = { project, batch, limit, offset, ...asked }
  const count = await database.one(
    `SELECT ${COUNTS} FROM tkt.tickets t LEFT JOIN tkt.claims c ON c.ticket = t.seq WHERE ${where}`,
    values,
  )
  const rows = await database.all(
    `${selectTickets()} WHERE ${where} ${visibleOnly ? "AND t.visibility = 'default'" : ''}
     ORDER BY t.queue_order, t.seq LIMIT :limit OFFSET :offset`,
    values,
  )
  return { ...countsOf(count, wanted), tickets: rows.map(ticketOf) }
}

export async function heldByOthers({ database, project }: Place, session: string): Promise<readonly Held[]> {
  const rows = await database.all(
    `SELECT t.key, t.scope, c.session FROM tkt.claims c JOIN tkt.tickets t ON t.seq = c.ticket
     WHERE c.project = :project AND c.session <> :session ORDER BY c.claimed_ms, t.seq LIMIT 100`,
    { project, session },
  )
  return rows.map(heldOf)
}

export async function eventsOf(
  { database, project }: Place,
  key: string,
  type?: string,
): Promise<readonly TicketEvent[]> {
  const rows = await database.all(
    `SELECT e.* FROM tkt.events e JOIN tkt.tickets t ON t.seq = e.ticket
     WHERE t.project = :project AND t.key = :key AND (:type::text IS NULL OR e.type = :type) ORDER BY e.seq`,
    { project, key, type },
  )
  return rows.map(eventOf)
}

export async function feedOf({ database, project }: Place, { key, type, limit }: FeedWanted): Promise<Feed> {
  const of = `FROM tkt.events e JOIN tkt.tickets t ON t.seq = e.ticket WHERE e.project = :project
    AND (:key::text IS NULL OR t.key = :key) AND (:type::text IS NULL OR e.type = :type)`
  const values = { project, key, type }
  const rows = await database.all(`SELECT e.*, t.key ${of} ORDER BY e.seq DESC LIMIT :limit`, {
    ...values,
    limit,
  })
  const count = await database.one(`SELECT count(*) AS total ${of}`, values)
  return {
    events: rows.map((row) => ({ ...eventOf(row), key: row.key as string })),
    total: Number(count?.total),
  }
}

export async function waitsFrom(
  { database, project }: Place,
  keys: readonly string[],
): Promise<readonly Wait[]> {
  if (keys.length === 0) return []
  const rows = await database.all(
    `WITH RECURSIVE reached (key) AS (
       SELECT jsonb_array_elements_text(:keys::jsonb)
       UNION SELECT n.needs FROM reached r, ${NEEDED_BY_IT})
     SELECT r.key, n.needs FROM reached r, ${NEEDED_BY_IT} ORDER BY n.ticket`,
    { project, keys: JSON.stringify(keys) },
  )
  return rows.map(({ key, needs }) => ({ key: key as string, needs: needs as string }))
}

/** `OFFSET 0` has each looked up: the planner expects to reach a good part of all tickets, and reads all of them. */
const NEEDED_BY_IT = `LATERAL (
  SELECT t.seq AS ticket, d.needs FROM tkt.tickets t, jsonb_array_elements_text(t.needs::jsonb) d (needs)
  WHERE t.project = :project AND t.key = r.key OFFSET 0) n`
