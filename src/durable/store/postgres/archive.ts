/** Takes the history and the results of tickets that are over for long out of the database; they stand in a file by then. */
import type { Archived, ArchiveAct } from '../store-keeper.ts'
import type { Place } from './place.ts'

/** Nothing happened to them since; workers of bundles keep their history, of which their files count the events. */
const IS_OLD = `t.project = :project AND t.status = 'CLOSED' AND t.closed_ms < :before_ms
  AND coalesce(t.archived_ms, 0) <= t.closed_ms AND position('/' IN t.key) = 0
  AND NOT EXISTS (SELECT FROM tkt.events e WHERE e.ticket = t.seq AND e.at_ms >= :before_ms)`

export async function archivable({ database, project }: Place, before_ms: number): Promise<number> {
  const row = await database.one(`SELECT count(*) AS many FROM tkt.tickets t WHERE ${IS_OLD}`, {
    project,
    before_ms,
  })
  return Number(row?.many)
}

/** In slices, each whole: who stops it in between goes on with the next call. */
export async function archive(
  { database, project }: Place,
  { before_ms, now_ms, file, slice }: ArchiveAct,
): Promise<Archived> {
  const told = { tickets: 0, events: 0 }
  const values = { project, before_ms, now_ms, slice, data: JSON.stringify({ file }) }
  for (let last = slice; last === slice;) {
    const row = await database.one(SLICE, values)
    last = Number(row?.tickets)
    told.tickets += last
    told.events += Number(row?.events)
  }
  return told
}

const SLICE = `WITH old AS MATERIALIZED (
  SELECT t.seq FROM tkt.tickets t WHERE ${IS_OLD} ORDER BY t.seq LIMIT :slice FOR UPDATE),
gone AS (DELETE FROM tkt.events e USING old WHERE e.ticket = old.seq AND e.at_ms < :before_ms RETURNING e.seq),
thin AS (
  UPDATE tkt.tickets t SET proof = NULL, outputs = NULL, archived_ms = :now_ms::bigint FROM old WHERE t.seq = old.seq
  RETURNING t.seq),
told AS (
  INSERT INTO tkt.events (at_ms, project, ticket, type, from_status, to_status, data)
  SELECT :now_ms, :project, seq, 'ticket.archived', 'CLOSED', 'CLOSED', :data::text FROM thin ORDER BY seq)
SELECT (SELECT count(*) FROM thin) AS tickets, (SELECT count(*) FROM gone) AS events`
