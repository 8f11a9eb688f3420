/** Lifts what has waited for long, so that nothing urgent that keeps coming in keeps it waiting for ever. */
import { AGEING_LOOK_MS, LIFTED, LIFTED_AT_ONCE } from '../../model/ageing.ts'
import type { Place } from './place.ts'

/** Looks once in a while; what others are at is lifted another time. */
export async function liftOld(
  { database, project }: Place,
  now_ms: number,
  ageing_ms: number,
): Promise<void> {
  await database.all(LIFT, {
    project,
    now_ms,
    looked_ms: now_ms - AGEING_LOOK_MS,
    old_ms: now_ms - ageing_ms,
  })
}

const LIFT = `WITH turn AS (
  UPDATE tkt.projects SET aged_ms = :now_ms::bigint
  WHERE id = :project AND coalesce(aged_ms, 0) <= :looked_ms::bigint RETURNING id),
old AS MATERIALIZED (
  SELECT t.seq, t.priority FROM tkt.tickets t JOIN turn ON turn.id = t.project
  WHERE t.type = 'WORKER' AND t.status = 'OPEN' AND t.stage = 'todo' AND t.deleted_ms IS NULL AND t.priority > 0
    AND coalesce(t.aged_ms, t.created_ms) <= :old_ms::bigint
  ORDER BY t.created_ms, t.seq LIMIT ${LIFTED_AT_ONCE} FOR UPDATE OF t SKIP LOCKED),
lifted AS (
  UPDATE tkt.tickets t SET priority = greatest(t.priority - ${LIFTED}, 0), aged_ms = :now_ms, updated_ms = :now_ms
  FROM old WHERE t.seq = old.seq RETURNING t.*)
INSERT INTO tkt.events (at_ms, project, ticket, type, from_status, to_status, data)
SELECT :now_ms, t.project, t.seq, 'ticket.aged', t.status, t.status, json_build_object('changed',
  json_build_object('priority', json_build_object('from', old.priority, 'to', t.priority)))::text
FROM lifted t JOIN old ON old.seq = t.seq ORDER BY t.created_ms, t.seq`
