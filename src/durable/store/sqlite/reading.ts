/** Reads tickets and their events. */
import type { DurableTicket } from '../../model/ticket.ts'
import type { Wait } from '../../model/waiting.ts'
import { COUNTS, countsOf, filtersOf, urgencyOf } from '../list-filters.ts'
import { eventOf, heldOf, ticketOf } from '../rows.ts'
import type { Feed, FeedWanted, Held, Listed, ListWanted, OtherName, TicketEvent } from '../ticket-store.ts'
import type { Value } from './database.ts'
import { orNull, type Place } from './place.ts'
import { SELECT_TICKETS } from './select-tickets.ts'

export function findTicket({ database, project }: Place, key: string): DurableTicket | undefined {
  const row = database.one(`${SELECT_TICKETS} WHERE t.project = ? AND t.key = ?`, project, key)
  return row === undefined ? undefined : ticketOf(row)
}

export const lookUp = ({ database, project }: Place, { number, uuid }: OtherName): readonly string[] =>
  database
    .all(
      'SELECT key FROM tickets WHERE project = ? AND (seq = ? OR uuid LIKE ?) ORDER BY seq LIMIT 3',
      ...[project, orNull(number), orNull(uuid && `${uuid}%`)],
    )
    .map(({ key }) => key as string)

export function listTickets({ database, project }: Place, wanted: ListWanted): Listed {
  const { batch, unresolvedOnly = false, visibleOnly = false, limit, offset } = wanted
  const filters = filtersOf(wanted, '')
  const asked: readonly Value[] = [
    project,
    ...(batch === undefined ? [] : [batch]),
    ...filters.map(({ values }) => values),
  ]
  const where = [
    't.project = ? AND t.deleted_ms IS NULL',
    ...(batch === undefined ? [] : ['b.key = ?']),
    ...filters.map(({ column }) => `${column} IN (SELECT value FROM json_each(?))`),
    ...urgencyOf(wanted),
    ...(unresolvedOnly ? ["t.status IN ('OPEN','CLAIMED','IN_PROGRESS','BLOCKED')"] : []),
  ].join(' AND ')
  const from = 'FROM tickets t LEFT JOIN batches b ON b.id = t.batch LEFT JOIN claims c ON c.ticket = t.seq'
  const page = `${SELECT_TICKETS} WHERE ${where} ${visibleOnly ? "AND t.visibility = 'default'" : ''}
    ORDER BY t.queue_order IS NULL, t.queue_order, t.seq LIMIT ? OFFSET ?`
  return {
    ...countsOf(database.one(`SELECT ${COUNTS} ${from} WHERE ${where}`, ...asked), wanted),
    tickets: database.all(page, ...asked, limit, offset).map(ticketOf),
  }
}

export const heldByOthers = ({ database, project }: Place, session: string): readonly Held[] =>
  database
    .all(
      `SELECT t.key, t.scope, c.session FROM claims c JOIN tickets t ON t.seq = c.ticket
       WHERE c.project = ? AND c.session <> ? ORDER BY c.claimed_ms, t.seq LIMIT 100`,
      ...[project, session],
    )
    .map(heldOf)

export const eventsOf = ({ database, project }: Place, key: string, type?: string): readonly TicketEvent[] =>
  database
    .all(
      `SELECT e.* FROM events e JOIN tickets t ON t.seq = e.ticket
       WHERE t.project = ? AND t.key = ? AND (? IS NULL OR e.type = ?) ORDER BY e.seq`,
      ...[project, key, orNull(type), orNull(type)],
    )
    .map(eventOf)

export function feedOf({ database, project }: Place, { key, type, limit }: FeedWanted): Feed {
  const asked: readonly Value[] = [project, orNull(key), orNull(key), orNull(type), orNull(type)]
  const of = `FROM events e JOIN tickets t ON t.seq = e.ticket
    WHERE e.project = ? AND (? IS NULL OR t.key = ?) AND (? IS NULL OR e.type = ?)`
  const rows = database.all(`SELECT e.*, t.key ${of} ORDER BY e.seq DESC LIMIT ?`, ...asked, limit)
  return {
    events: rows.map((row) => ({ ...eventOf(row), key: row.key as string })),
    total: Number(database.one(`SELECT count(*) AS total ${of}`, ...asked)?.total),
  }
}

export function waitsFrom({ database, project }: Place, keys: readonly string[]): readonly Wait[] {
  if (keys.length === 0) return []
  const rows = database.all(
    `WITH RECURSIVE reached (key) AS (
       SELECT value FROM json_each(?)
       UNION SELECT d.needs FROM reached r JOIN tickets t ON t.project = ? AND t.key = r.key
         JOIN ticket_deps d ON d.ticket = t.seq)
     SELECT t.key, d.needs FROM reached r JOIN tickets t ON t.project = ? AND t.key = r.key
       JOIN ticket_deps d ON d.ticket = t.seq ORDER BY t.seq`,
    ...[JSON.stringify(keys), project, project],
  )
  return rows.map(({ key, needs }) => ({ key: key as string, needs: needs as string }))
}
