/**
 * Whose turn a ticket is, as SQL over `tickets t` and `claims c`. The indexes tickets_ready, tickets_turn and tickets_wave say
 * the same words.
 */

/** It waits for no other ticket, and for no earlier wave of its batch. */
export const IS_TURN = `(t.unmet = 0 AND NOT EXISTS (
  SELECT 1 FROM tickets w WHERE w.batch = t.batch AND w.type = 'WORKER' AND w.deleted_ms IS NULL
    AND w.status IN ('OPEN','CLAIMED','IN_PROGRESS','BLOCKED') AND coalesce(w.wave, 0) < coalesce(t.wave, 0)))`

export const IS_FREE = `(t.status = 'OPEN' AND t.stage = 'todo' AND t.deleted_ms IS NULL)`

/** Its `?` is the session; NULL: whoever. */
export const IS_FOR = `(t.assignable_to IS NULL OR EXISTS (
  SELECT 1 FROM json_each(t.assignable_to) a, (SELECT ? AS me) WHERE me IS NULL OR a.value = me
    OR (substr(a.value, -1) = '*' AND substr(me, 1, length(a.value) - 1) = substr(a.value, 1, length(a.value) - 1))))`

/** Its `?` is the moment. */
export const IS_STALE = `(t.status IN ('CLAIMED','IN_PROGRESS') AND c.leased_until_ms <= ?)`

/** Its `?` is the batch. */
export const IS_IN_BATCH = `t.batch = (SELECT id FROM batches b WHERE b.project = t.project AND b.key = ?)`

export const BY_TURN = `t.priority, t.queue_order IS NULL, t.queue_order, t.seq`
