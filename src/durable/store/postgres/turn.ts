/** Whose turn a ticket is, as SQL over `tkt.tickets t` and `tkt.claims c`. */
import { IS_TICKET_OF } from './place.ts'

const UNRESOLVED = `('OPEN','CLAIMED','IN_PROGRESS','BLOCKED')`

/**
 * It waits for another ticket. Each is looked up by its key: to join them, a planner that last saw a small table goes through
 * all of them for each.
 */
export const LACKS_OTHERS = `(t.needs IS NOT NULL AND EXISTS (
  SELECT FROM jsonb_array_elements_text(t.needs::jsonb) d (needs) WHERE (
    SELECT NOT (n.status = 'CLOSED' AND n.resolution = 'done') FROM tkt.tickets n
    WHERE n.project = t.project AND n.key = d.needs AND n.seq <> t.seq AND n.deleted_ms IS NULL)))`

/**
 * The first wave of a batch in which there is something to be done. Asked for an earlier one than that of a ticket, the planner
 * expects to meet one soon wherever it looks, and goes through all tickets where there is none.
 */
export const firstWaveOf = (batch: string): string => `(
  SELECT min(coalesce(w.wave, 0)) FROM tkt.tickets w
  WHERE w.batch = ${batch} AND w.type = 'WORKER' AND w.status IN ${UNRESOLVED} AND w.deleted_ms IS NULL)`

/**
 * It waits for no other ticket, and for no earlier wave of its batch. Looked up, not counted beforehand: what is counted
 * would be wrong after two others ended at the same moment. A ticket that does not exist, or not any more, is no
 * reason to wait.
 */
export const IS_TURN = `(
  NOT ${LACKS_OTHERS}
  AND (t.batch IS NULL OR coalesce(${firstWaveOf('t.batch')} >= coalesce(t.wave, 0), true)))`

export const IS_UNRESOLVED = `t.status IN ${UNRESOLVED}`

export const IS_FREE = `(t.status = 'OPEN' AND t.stage = 'todo' AND t.deleted_ms IS NULL)`

/** For the session that asks; NULL: whoever. */
export const IS_FOR = `(t.assignable_to IS NULL OR :session::text IS NULL OR tkt.is_named(t.assignable_to, :session::text))`

/**
 * A lease is a moment, so it is above 0: said here, since the planner takes a range for few rows, and so keeps one plan for
 * all claims. Of a bound alone it expects a third of them, and plans each claim anew, for longer than the claim takes.
 */
export const IS_STALE = `(t.status IN ('CLAIMED','IN_PROGRESS') AND c.leased_until_ms BETWEEN 0 AND :now_ms::bigint)`

/**
 * The tickets of this project whose lease is over. No index but the one of leases serves this condition on the project: of the
 * others, the planner would at times take one that leads through all claims.
 */
export const STALE = `tkt.claims c JOIN tkt.tickets t ON ${IS_TICKET_OF} WHERE c.project + 0 = :project AND ${IS_STALE}`

/** The batch and the channel that tickets are asked of; undefined: any. */
export interface Among {
  readonly batch?: string | undefined
  readonly channel?: string | undefined
}

export function isIn({ batch, channel }: Among): string {
  const of = [
    ...(batch === undefined ? [] : [OF_BATCH]),
    ...(channel === undefined ? [] : ['t.channel = :channel']),
  ]
  return of.length === 0 ? 'true' : of.join(' AND ')
}

const OF_BATCH = 't.batch = (SELECT b.id FROM tkt.batches b WHERE b.project = :project AND b.key = :batch)'

/** As the index of ready tickets is sorted: without a place in the queue comes last. */
export const BY_TURN = 't.priority, t.queue_order, t.seq'
