/** A project in PostgreSQL, and how its tickets are asked for. */
import { HINT, type Database } from './database.ts'
import type { Lately } from './lately.ts'
import { packed } from './packed.ts'

export interface Place {
  readonly database: Database
  readonly project: number
  readonly lately: Lately
}

/**
 * What a statement hands on of the ticket `t` that it writes. All else of it goes as one column: of forty columns PostgreSQL
 * sets up each in each part of a statement, each time.
 */
export const HANDED_ON = 't AS ticket, t.seq, t.project, t.batch, t.parent, t.status, t.claim_no'

/** Of these tickets, with their claims as joinClaims joins them; a condition on `t` or `c` follows. */
export const selectTickets = (
  tickets = 'tkt.tickets',
  claims = joinClaims(),
  ticket = 't',
  hint = '',
): string => `SELECT ${packed(ticket)} ${hint} FROM ${tickets} t ${claims}`

/** The same of tickets that are HANDED_ON. */
export const selectWritten = (claims?: string, written = 'written'): string =>
  selectTickets(written, claims, 't.ticket', HINT)

/**
 * Of a table that was empty when it was last looked at, as that of claims is in a quiet hour, the planner takes it for as good
 * to go through all claims in the order of their tickets as to look one up. That order is of no use to it for these two, nor
 * is any other way to join many at once: they are for one ticket or few.
 */
export const IS_CLAIM_OF = 'c.ticket = ANY (ARRAY[t.seq])'
export const IS_TICKET_OF = 't.seq = ANY (ARRAY[c.ticket])'

/** One of the keys in a JSON list. As an array they are looked up by the index, whatever the planner last saw of the table. */
export const IS_AMONG_KEYS = 't.key = ANY (ARRAY(SELECT jsonb_array_elements_text(:keys::jsonb)))'

/** With the claims of many tickets, all or those of a part of the statement; and with that of one. */
export const joinClaims = (claims = 'tkt.claims'): string => `LEFT JOIN ${claims} c ON c.ticket = t.seq`
export const JOIN_CLAIM = `LEFT JOIN tkt.claims c ON ${IS_CLAIM_OF}`

/** Notes that a session lives, from its first act on. It comes first wherever it stands: so the acts of a session take turns. */
export const HEARD = `heard AS (
  INSERT INTO tkt.agents (project, id, started_ms, seen_ms)
  VALUES (:project::bigint, :session::text, :now_ms::bigint, :now_ms::bigint)
  ON CONFLICT (project, id) DO UPDATE SET seen_ms = greatest(agents.seen_ms, excluded.seen_ms) RETURNING id)`

/** What a statement of a session begins with, and who that is: noted, or where it was a moment ago only named. */
export const bySession = (isHeard: boolean): { readonly begin: string; readonly session: string } =>
  isHeard
    ? { begin: 'WITH', session: ':session::text' }
    : { begin: `WITH ${HEARD},`, session: '(SELECT id FROM heard)' }

/** Work that takes turns in a project: intakes, readings, edits, and what ends a batch or puts work into it again. */
export const inTurn = <T>({ database, project }: Place, work: () => Promise<T>): Promise<T> =>
  database.transaction(async () => {
    await database.all('SELECT FROM tkt.projects WHERE id = :project FOR NO KEY UPDATE', { project })
    return work()
  })
