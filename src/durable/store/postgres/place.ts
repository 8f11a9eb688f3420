/** A project in PostgreSQL, and how its tickets are asked for. */
import type { Database } from './database.ts'

export interface Place {
  readonly database: Database
  readonly project: number
}

/**
 * What a statement hands on of the ticket `t` that it writes. All else of it goes as one column: of forty columns PostgreSQL
 * sets up each in each part of a statement, each time.
 */
export const HANDED_ON = 't AS ticket, t.seq, t.project, t.batch, t.parent, t.status, t.claim_no'

/**
 * Of these tickets, with their claims as joinClaims joins them; a condition on `t` or `c` follows. All of a row comes as one
 * column, which the database unpacks: fifty of them take the driver longer than the server.
 */
export const selectTickets = (tickets = 'tkt.tickets', claims = joinClaims(), ticket = 't'): string => `
SELECT (SELECT row_to_json(one)::text FROM (
  SELECT ${ticket} AS ticket, b.key AS batch_key, c.session, c.claim_no AS held_no, c.claimed_ms, c.leased_until_ms, c.slot, c.base,
    array_to_json(ARRAY(SELECT d.needs FROM tkt.ticket_deps d WHERE d.ticket = t.seq ORDER BY d.needs COLLATE "C"))::text AS needs,
    (SELECT p.key FROM tkt.tickets p WHERE p.seq = t.parent) AS parent_key) one) AS packed
FROM ${tickets} t LEFT JOIN tkt.batches b ON b.id = t.batch ${claims}`

/** The same of tickets that are HANDED_ON. */
export const selectWritten = (claims?: string, written = 'written'): string =>
  selectTickets(written, claims, 't.ticket')

export const joinClaims = (claims = 'tkt.claims'): string => `LEFT JOIN ${claims} c ON c.ticket = t.seq`

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
