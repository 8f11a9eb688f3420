/** All tickets in classes: counted in the database, the first ones of each class told. */
import type { TicketClass } from '../../model/overview.ts'
import { classesOf } from '../rows.ts'
import type { OverviewWanted } from '../ticket-store.ts'
import { IS_AMONG_KEYS, selectTickets, type Place } from './place.ts'
import { BY_TURN, firstWaveOf, IS_FOR, IS_FREE, IS_STALE, IS_UNRESOLVED, isIn, LACKS_OTHERS } from './turn.ts'

/** What decides on a turn is looked up once for a batch, not for each ticket as a claim does. */
export async function overviewOf(
  { database, project }: Place,
  { keys, ...wanted }: OverviewWanted,
): Promise<readonly TicketClass[]> {
  const isWanted = `t.project = :project AND t.deleted_ms IS NULL AND ${isIn(wanted)} AND ${keys === undefined ? 'true' : IS_AMONG_KEYS}`
  const rows = await database.all(
    `WITH begun AS MATERIALIZED (${firstWaves(isWanted)}),
     classed AS MATERIALIZED (
       SELECT t.seq, t.priority, t.queue_order, t.type || ' ' || t.status || ' ' || ${HOLDER} || ' ' || ${CLAIMABLE} AS class
       FROM tkt.tickets t LEFT JOIN tkt.claims c ON c.ticket = t.seq
         LEFT JOIN begun b ON b.batch = t.batch
       WHERE ${isWanted}),
     counted AS MATERIALIZED (SELECT class, count(*) AS members FROM classed GROUP BY class),
     first AS (
       SELECT t.*, split_part(n.class, ' ', 3) AS holder, split_part(n.class, ' ', 4) AS claimable, n.members,
         row_number() OVER (PARTITION BY n.class ORDER BY ${BY_TURN}) AS place
       FROM counted n
         CROSS JOIN LATERAL (
           SELECT t.seq FROM classed t WHERE t.class = n.class ORDER BY ${BY_TURN} LIMIT :most::bigint) f
         JOIN tkt.tickets t ON t.seq = f.seq)
     ${selectTickets('first')} ORDER BY t.type, t.status, t.holder, t.claimable, t.place`,
    { project, session: undefined, ...wanted, keys: keys && JSON.stringify(keys) },
  )
  return classesOf(rows)
}

/** The first wave of each batch in which there is something to be done. */
const firstWaves = (isWanted: string): string => `
  SELECT o.batch, ${firstWaveOf('o.batch')} AS wave
  FROM (SELECT DISTINCT t.batch FROM tkt.tickets t WHERE ${isWanted} AND ${IS_UNRESOLVED} AND t.batch IS NOT NULL) o`

/** What was given back, or taken away, is nobody's, whoever had it last. */
const HOLDER = `CASE
  WHEN t.status = 'OPEN' OR t.resolution IN ('cancelled','rejected') OR coalesce(c.session, t.last_session) IS NULL THEN 'nobody'
  WHEN coalesce(c.session, t.last_session) = :session::text THEN 'me' ELSE 'other' END`

/** What a ticket waits for is looked up last: only of one that somebody could have but for that. */
const CLAIMABLE = `CASE
  WHEN NOT (${IS_FREE} OR coalesce(${IS_STALE}, false)) THEN 'no'
  WHEN b.wave < coalesce(t.wave, 0) OR NOT ${IS_FOR} OR ${LACKS_OTHERS} THEN 'no'
  WHEN ${IS_FREE} THEN 'free' ELSE 'stale' END`
