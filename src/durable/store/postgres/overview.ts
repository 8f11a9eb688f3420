/** All tickets in classes: counted in the database, the first ones of each class told. */
import type { TicketClass } from '../../model/overview.ts'
import { classesOf } from '../rows.ts'
import type { OverviewWanted } from '../ticket-store.ts'
import { selectTickets, type Place } from './place.ts'
import { BY_TURN, IS_FOR, IS_FREE, IS_STALE, IS_TURN, isIn } from './turn.ts'

export async function overviewOf(
  { database, project }: Place,
  { keys, ...wanted }: OverviewWanted,
): Promise<readonly TicketClass[]> {
  const rows = await database.all(
    `WITH classed AS (
       SELECT t.seq, t.type, t.status, t.priority, t.queue_order, ${HOLDER} AS holder, ${CLAIMABLE} AS claimable
       FROM tkt.tickets t LEFT JOIN tkt.claims c ON c.ticket = t.seq
       WHERE t.project = :project AND t.deleted_ms IS NULL AND ${isIn(wanted)} AND ${keys === undefined ? 'true' : HAS_KEY}),
     numbered AS (
       SELECT t.seq, t.holder, t.claimable, count(*) OVER (PARTITION BY ${CLASS}) AS members,
         row_number() OVER (PARTITION BY ${CLASS} ORDER BY ${BY_TURN}) AS place
       FROM classed t),
     first AS (
       SELECT t.*, n.holder, n.claimable, n.members, n.place FROM numbered n JOIN tkt.tickets t ON t.seq = n.seq
       WHERE n.place <= :most::bigint)
     ${selectTickets('first')} ORDER BY ${CLASS}, t.place`,
    { project, session: undefined, ...wanted, keys: keys && JSON.stringify(keys) },
  )
  return classesOf(rows)
}

const HAS_KEY = 't.key IN (SELECT jsonb_array_elements_text(:keys::jsonb))'

const CLASS = 't.type, t.status, t.holder, t.claimable'

/** What was given back, or taken away, is nobody's, whoever had it last. */
const HOLDER = `CASE
  WHEN t.status = 'OPEN' OR t.resolution IN ('cancelled','rejected') OR coalesce(c.session, t.last_session) IS NULL THEN 'nobody'
  WHEN coalesce(c.session, t.last_session) = :session::text THEN 'me' ELSE 'other' END`

const CLAIMABLE = `CASE WHEN NOT ${IS_TURN} OR NOT ${IS_FOR} THEN 'no' WHEN ${IS_FREE} THEN 'free' WHEN ${IS_STALE} THEN 'stale' ELSE 'no' END`
