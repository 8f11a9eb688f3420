/** All tickets in classes: counted in the database, the first ones of each class told. */
import type { TicketClass } from '../../model/overview.ts'
import { classesOf } from '../rows.ts'
import type { OverviewWanted } from '../ticket-store.ts'
import type { Value } from './database.ts'
import type { Place } from './place.ts'
import { SELECT_TICKETS } from './select-tickets.ts'
import { BY_TURN, IS_FREE, IS_IN_BATCH, IS_STALE, IS_TURN } from './turn.ts'

export function overviewOf(
  { database, project }: Place,
  { batch, keys, session, now_ms, most }: OverviewWanted,
): readonly TicketClass[] {
  const asked: readonly Value[] = [
    ...(batch === undefined ? [] : [batch]),
    ...(keys === undefined ? [] : [JSON.stringify(keys)]),
  ]
  const rows = database.all(
    `WITH classed AS (
       SELECT t.seq, t.type, t.status, ${HOLDER} AS holder, ${CLAIMABLE} AS claimable
       FROM tickets t LEFT JOIN claims c ON c.ticket = t.seq
       WHERE t.project = ? AND t.deleted_ms IS NULL ${batch === undefined ? '' : `AND ${IS_IN_BATCH}`}
         ${keys === undefined ? '' : 'AND t.key IN (SELECT value FROM json_each(?))'}),
     numbered AS (
       SELECT k.*, count(*) OVER (PARTITION BY ${CLASS}) AS members,
         row_number() OVER (PARTITION BY ${CLASS} ORDER BY ${BY_TURN}) AS place
       FROM classed k JOIN tickets t ON t.seq = k.seq)
     SELECT n.holder, n.claimable, n.members, n.place, r.* FROM numbered n JOIN (${SELECT_TICKETS}) r ON r.seq = n.seq
     WHERE n.place <= ? ORDER BY ${CLASS.replaceAll('k.', 'n.')}, n.place`,
    ...[session ?? '', now_ms, project, ...asked, most],
  )
  return classesOf(rows)
}

const CLASS = 'k.type, k.status, k.holder, k.claimable'

/** What was given back is nobody's, whoever had it last. Its `?` is the session. */
const HOLDER = `CASE
  WHEN t.status = 'OPEN' OR coalesce(c.session, t.last_session) IS NULL THEN 'nobody'
  WHEN coalesce(c.session, t.last_session) = ? THEN 'me' ELSE 'other' END`

const CLAIMABLE = `CASE WHEN NOT ${IS_TURN} THEN 'no' WHEN ${IS_FREE} THEN 'free' WHEN ${IS_STALE} THEN 'stale' ELSE 'no' END`
