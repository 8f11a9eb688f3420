/** All tickets in classes: counted here, where the database would take twice as long; the first ones of each are told. */
import type { TicketClass } from '../../model/overview.ts'
import { classesOf, type Row } from '../rows.ts'
import type { OverviewWanted } from '../ticket-store.ts'
import type { Value } from './database.ts'
import type { Place } from './place.ts'
import { SELECT_TICKETS } from './select-tickets.ts'
import { BY_TURN, IS_FOR, IS_FREE, IS_IN_BATCH, IS_STALE, IS_TURN } from './turn.ts'

export function overviewOf(
  { database, project }: Place,
  { batch, keys, session, now_ms, most }: OverviewWanted,
): readonly TicketClass[] {
  const asked: readonly Value[] = [
    ...(batch === undefined ? [] : [batch]),
    ...(keys === undefined ? [] : [JSON.stringify(keys)]),
  ]
  const members = database.all(
    `SELECT t.seq, t.type, t.status, ${HOLDER} AS holder, ${CLAIMABLE} AS claimable
     FROM tickets t LEFT JOIN claims c ON c.ticket = t.seq
     WHERE t.project = ? AND t.deleted_ms IS NULL ${batch === undefined ? '' : `AND ${IS_IN_BATCH}`}
       ${keys === undefined ? '' : 'AND t.key IN (SELECT value FROM json_each(?))'}
     ORDER BY ${BY_TURN}`,
    ...[session ?? '', now_ms, session ?? null, project, ...asked],
  )
  const classes = inClasses(members)
  const told = classes.flatMap((rows) => rows.slice(0, most).map(({ seq }) => seq))
  const records = database.all(
    `${SELECT_TICKETS} WHERE t.seq IN (SELECT value FROM json_each(?))`,
    JSON.stringify(told),
  )
  const recordOf = new Map(records.map((record) => [record.seq, record]))
  return classes.flatMap((rows) =>
    classesOf(
      rows
        .slice(0, most)
        .map((row, at) => ({ ...recordOf.get(row.seq), ...row, members: rows.length, place: at + 1 })),
    ),
  )
}

function inClasses(members: readonly Row[]): readonly (readonly Row[])[] {
  const classes = new Map<string, Row[]>()
  for (const row of members) {
    const { type, status, holder, claimable } = row
    const name = [type, status, holder, claimable].join(' ')
    const rows = classes.get(name)
    if (rows === undefined) classes.set(name, [row])
    else rows.push(row)
  }
  return [...classes.values()]
}

/** What was given back, or taken away, is nobody's, whoever had it last. Its `?` is the session. */
const HOLDER = `CASE
  WHEN t.status = 'OPEN' OR t.resolution IN ('cancelled','rejected') OR coalesce(c.session, t.last_session) IS NULL THEN 'nobody'
  WHEN coalesce(c.session, t.last_session) = ? THEN 'me' ELSE 'other' END`

const CLAIMABLE = `CASE WHEN NOT (${IS_FREE} OR ${IS_STALE}) OR NOT ${IS_TURN} OR NOT ${IS_FOR} THEN 'no' WHEN ${IS_FREE} THEN 'free' ELSE 'stale' END`
