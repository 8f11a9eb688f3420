/** Whose turn a ticket is, as SQL over `tickets t`, `claims c` and `wave w`. */

/** The wave that each batch is at; its `?` is the project. */
export const WAVE = `wave AS (
  SELECT batch, min(coalesce(wave, 0)) AS present FROM tickets
  WHERE project = ? AND type = 'WORKER' AND status IN ('OPEN','CLAIMED','IN_PROGRESS','BLOCKED') AND deleted_ms IS NULL
  GROUP BY batch)`

/** It waits for no other ticket, and for no earlier wave of its batch. */
export const IS_TURN = `(t.unmet = 0 AND (t.batch IS NULL OR w.present IS NULL OR coalesce(t.wave, 0) <= w.present))`

export const IS_FREE = `(t.status = 'OPEN' AND t.stage = 'todo' AND t.deleted_ms IS NULL)`

/** Its `?` is the moment. */
export const IS_STALE = `(t.status IN ('CLAIMED','IN_PROGRESS') AND c.leased_until_ms <= ?)`

/** Its `?` is the batch. */
export const IS_IN_BATCH = `t.batch = (SELECT id FROM batches b WHERE b.project = t.project AND b.key = ?)`

export const BY_TURN = `t.priority, t.queue_order IS NULL, t.queue_order, t.seq`
