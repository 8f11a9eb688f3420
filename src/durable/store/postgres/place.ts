/** A project in PostgreSQL, and how its tickets are asked for. */
import type { Database } from './database.ts'

export interface Place {
  readonly database: Database
  readonly project: number
}

/**
 * Of these tickets and claims, which may be what a statement is just writing; a condition on `t` or `c` follows. The columns
 * of a row come as one, which the database unpacks: fifty of them take the driver longer than the server.
 */
export const selectTickets = (tickets = 'tkt.tickets', claims = 'tkt.claims'): string => `
SELECT (SELECT row_to_json(one)::text FROM (
  SELECT t.*, b.key AS batch_key, c.session, c.claim_no AS held_no, c.claimed_ms, c.leased_until_ms, c.slot, c.base,
    (SELECT json_agg(d.needs ORDER BY d.needs COLLATE "C")::text FROM tkt.ticket_deps d WHERE d.ticket = t.seq) AS needs,
    (SELECT p.key FROM tkt.tickets p WHERE p.seq = t.parent) AS parent_key) one) AS packed
FROM ${tickets} t LEFT JOIN tkt.batches b ON b.id = t.batch LEFT JOIN ${claims} c ON c.ticket = t.seq`

/** Notes that a session lives, from its first act on. It comes first wherever it stands: so the acts of a session take turns. */
export const HEARD = `heard AS (
  INSERT INTO tkt.agents (project, id, started_ms, seen_ms)
  VALUES (:project::bigint, :session::text, :now_ms::bigint, :now_ms::bigint)
  ON CONFLICT (project, id) DO UPDATE SET seen_ms = greatest(agents.seen_ms, excluded.seen_ms) RETURNING id)`

/** Work that takes turns in a project: intakes, readings, edits, and what ends a batch or puts work into it again. */
export const inTurn = <T>({ database, project }: Place, work: () => Promise<T>): Promise<T> =>
  database.transaction(async () => {
    await database.all('SELECT FROM tkt.projects WHERE id = :project FOR NO KEY UPDATE', { project })
    return work()
  })
