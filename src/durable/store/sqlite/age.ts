/** Lifts what has waited for long, so that nothing urgent that keeps coming in keeps it waiting for ever. */
import { AGEING_LOOK_MS, LIFTED, LIFTED_AT_ONCE } from '../../model/ageing.ts'
import type { Place } from './place.ts'

/** Inside the transaction of a claim; looks once in a while. */
export function liftOld({ database, project }: Place, now_ms: number, ageing_ms: number): void {
  const isTurn = database.run(
    'UPDATE projects SET aged_ms = ? WHERE id = ? AND coalesce(aged_ms, 0) <= ?',
    ...[now_ms, project, now_ms - AGEING_LOOK_MS],
  )
  if (isTurn === 0) return
  const old = database.all(
    `SELECT seq, status, priority, max(priority - ${LIFTED}, 0) AS lifted FROM tickets
     WHERE project = ? AND type = 'WORKER' AND status = 'OPEN' AND stage = 'todo' AND deleted_ms IS NULL
       AND priority > 0 AND coalesce(aged_ms, created_ms) <= ? ORDER BY created_ms, seq LIMIT ${LIFTED_AT_ONCE}`,
    ...[project, now_ms - ageing_ms],
  )
  if (old.length === 0) return
  const rows = JSON.stringify(old)
  database.run(
    `UPDATE tickets AS t SET priority = o.value ->> 'lifted', aged_ms = ?, updated_ms = ?
     FROM json_each(?) o WHERE t.seq = o.value ->> 'seq'`,
    ...[now_ms, now_ms, rows],
  )
  database.run(
    `INSERT INTO events (at_ms, project, ticket, type, from_status, to_status, data)
     SELECT ?, ?, o.value ->> 'seq', 'ticket.aged', o.value ->> 'status', o.value ->> 'status',
       json_object('changed', json_object('priority',
         json_object('from', o.value ->> 'priority', 'to', o.value ->> 'lifted')))
     FROM json_each(?) o ORDER BY o.key`,
    ...[now_ms, project, rows],
  )
}
