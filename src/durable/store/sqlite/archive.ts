/** Takes the history and the results of tickets that are over for long out of the database; they stand in a file by then. */
import type { Archived, ArchiveAct } from '../store-keeper.ts'
import type { Place } from './place.ts'

/** Nothing happened to them since; workers of bundles keep their history, of which their files count the events. */
const IS_OLD = `t.project = ? AND t.status = 'CLOSED' AND t.closed_ms < ? AND coalesce(t.archived_ms, 0) <= t.closed_ms
  AND instr(t.key, '/') = 0 AND NOT EXISTS (SELECT 1 FROM events e WHERE e.ticket = t.seq AND e.at_ms >= ?)`

export const archivable = ({ database, project }: Place, before_ms: number): number =>
  Number(
    database.one(`SELECT count(*) AS many FROM tickets t WHERE ${IS_OLD}`, project, before_ms, before_ms)
      ?.many,
  )

/** In slices, each whole: who stops it in between goes on with the next call. */
export function archive(place: Place, act: ArchiveAct): Archived {
  const told = { tickets: 0, events: 0 }
  for (let last = act.slice; last === act.slice;) {
    const { tickets, events } = place.database.transaction(() => archiveSlice(place, act))
    told.tickets += tickets
    told.events += events
    last = tickets
  }
  return told
}

function archiveSlice(
  { database, project }: Place,
  { before_ms, now_ms, file, slice }: ArchiveAct,
): Archived {
  const rows = database.all(
    `SELECT t.seq FROM tickets t WHERE ${IS_OLD} ORDER BY t.seq LIMIT ?`,
    ...[project, before_ms, before_ms, slice],
  )
  const seqs = JSON.stringify(rows.map(({ seq }) => seq))
  const events = database.run(
    'DELETE FROM events WHERE ticket IN (SELECT value FROM json_each(?)) AND at_ms < ?',
    ...[seqs, before_ms],
  )
  database.run(
    `UPDATE tickets SET proof = NULL, outputs = NULL, archived_ms = ?
     WHERE seq IN (SELECT value FROM json_each(?))`,
    ...[now_ms, seqs],
  )
  database.run(
    `INSERT INTO events (at_ms, project, ticket, type, from_status, to_status, data)
     SELECT ?, ?, value, 'ticket.archived', 'CLOSED', 'CLOSED', json_object('file', ?) FROM json_each(?) ORDER BY key`,
    ...[now_ms, project, file, seqs],
  )
  return { tickets: rows.length, events }
}
