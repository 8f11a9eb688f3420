/** The statements that write a claim or a move: all of it in one, which chooses the ticket, writes it, its claim and the event. */
import { HEARD, selectTickets } from './place.ts'
import { BY_TURN, IS_FOR, IS_FREE, IS_STALE, IS_TURN, isIn, type Among } from './turn.ts'

/** `picked` says which ticket; `claimed` is its claim as it then is. */
const WRITTEN = `
written AS (
  UPDATE tkt.tickets t SET status = :status, stage = :stage, resolution = :resolution, claim_no = t.claim_no + picked.claims,
    last_session = coalesce(:last_session, t.last_session), blocked_reason = :blocked_reason,
    outcome = coalesce(:outcome, t.outcome), updated_ms = :now_ms::bigint, closed_ms = :closed_ms::bigint,
    deleted_ms = :deleted_ms::bigint,
    proof = CASE :type::text WHEN 'ticket.closed' THEN :proof::text ELSE t.proof END,
    outputs = CASE :type::text WHEN 'ticket.closed' THEN :outputs::text ELSE t.outputs END
  FROM picked WHERE t.seq = picked.seq RETURNING t.*),
told AS (
  INSERT INTO tkt.events (at_ms, project, ticket, type, actor, from_status, to_status, reason, claim_no, data)
  SELECT :now_ms, t.project, t.seq, :type::text, :session::text, picked.status, t.status, :reason, t.claim_no, :data
  FROM written t JOIN picked ON picked.seq = t.seq)`

const CLAIMED = `
claimed AS (
  INSERT INTO tkt.claims AS c (ticket, project, session, claim_no, claimed_ms, leased_until_ms, slot, base)
  SELECT t.seq, t.project, :session, t.claim_no, :now_ms, :leased_until_ms::bigint, :slot::integer, :base FROM written t
  ON CONFLICT (ticket) DO UPDATE SET session = excluded.session, claim_no = excluded.claim_no,
    claimed_ms = excluded.claimed_ms, leased_until_ms = excluded.leased_until_ms, slot = excluded.slot, base = excluded.base
  RETURNING c.*)`

const IS_AS_SEEN = `t.seq = :seq AND t.status = :seen_status AND t.claim_no = :seen_no AND t.version = :seen_version
  AND t.stage IS NOT DISTINCT FROM :seen_stage AND t.deleted_ms IS NOT DISTINCT FROM :seen_deleted::bigint`

/** The claim of a ticket that was seen free. */
export const CLAIM_SEEN = `WITH picked AS MATERIALIZED (
  SELECT t.seq, t.status, 1 AS claims FROM tkt.tickets t WHERE ${IS_AS_SEEN} FOR UPDATE),
${WRITTEN}, ${CLAIMED} ${selectTickets('written', 'claimed')}`

/** The claim of a ticket whose lease was seen to be over, and was not renewed since. */
export const CLAIM_STALE = `WITH picked AS MATERIALIZED (
  SELECT t.seq, t.status, 1 AS claims FROM tkt.tickets t JOIN tkt.claims c ON c.ticket = t.seq
  WHERE ${IS_AS_SEEN} AND c.leased_until_ms = :seen_lease FOR UPDATE),
${WRITTEN}, ${CLAIMED} ${selectTickets('written', 'claimed')}`

const MOVED = `WITH picked AS MATERIALIZED (
  SELECT t.seq, t.status, 0 AS claims FROM tkt.tickets t WHERE ${IS_AS_SEEN} FOR UPDATE),
${WRITTEN},`

/** A move after which the session still has the ticket. */
export const KEEP_CLAIM = `${MOVED}
claimed AS (UPDATE tkt.claims c SET slot = :slot FROM written t WHERE c.ticket = t.seq RETURNING c.*)
${selectTickets('written', 'claimed')}`

/** A move that gives the ticket out of hand. */
export const END_CLAIM = `${MOVED}
ended AS (DELETE FROM tkt.claims c USING written t WHERE c.ticket = t.seq)
${selectTickets('written', '(SELECT * FROM tkt.claims WHERE false)')}`

/** The same of a ticket that another session held, which may have been heard of since. */
export const END_CLAIM_OF_OTHER = `WITH picked AS MATERIALIZED (
  SELECT t.seq, t.status, 0 AS claims FROM tkt.tickets t JOIN tkt.claims c ON c.ticket = t.seq
  WHERE ${IS_AS_SEEN} AND c.leased_until_ms IS NOT DISTINCT FROM :seen_lease::bigint FOR UPDATE),
${WRITTEN},
ended AS (DELETE FROM tkt.claims c USING written t WHERE c.ticket = t.seq)
${selectTickets('written', '(SELECT * FROM tkt.claims WHERE false)')}`

/** A ticket is opened again, or is there again: its batch is not closed any more. */
export const OPEN_AGAIN = `${MOVED}
opened AS (UPDATE tkt.batches b SET closed_ms = NULL, closed_by = NULL FROM written t WHERE b.id = t.batch)
${selectTickets('written', '(SELECT * FROM tkt.claims WHERE false)')}`

/** The worker tickets that an integrator ticket `t` ends, as far as they are not done. */
const UNDONE = `FROM tkt.tickets w WHERE w.project = t.project AND w.type = 'WORKER' AND (w.batch = t.batch OR t.batch IS NULL)
  AND w.deleted_ms IS NULL AND w.status IN ('OPEN','CLAIMED','IN_PROGRESS','BLOCKED','FAILED')`

export const COUNT_WORKERS = `SELECT
  (SELECT count(*) ${UNDONE} AND w.status IN ('OPEN','CLAIMED','IN_PROGRESS')) AS unresolved,
  (SELECT count(*) ${UNDONE} AND w.status IN ('BLOCKED','FAILED')) AS stuck
FROM tkt.tickets t WHERE t.seq = :seq`

/** The end of a batch: not written when other work came, or some was taken up again, since it was judged. */
export const END_BATCH = `WITH picked AS MATERIALIZED (
  SELECT t.seq, t.status, 0 AS claims FROM tkt.tickets t
  WHERE ${IS_AS_SEEN} AND (SELECT count(*) ${UNDONE}) = :seen_workers::bigint FOR UPDATE),
${WRITTEN},
ended AS (DELETE FROM tkt.claims c USING written t WHERE c.ticket = t.seq),
closed AS (UPDATE tkt.batches b SET closed_ms = :now_ms, closed_by = :session FROM written t WHERE b.id = t.batch)
${selectTickets('written', '(SELECT * FROM tkt.claims WHERE false)')}`

/**
 * The claims of the best tickets that are free, or what the session holds. It waits for nobody: what others are at is skipped.
 * It gives nothing where a ticket whose lease is over comes first, which takes a closer look. States and the limit are words
 * here, not parameters, so that a plan for any parameters can use the index of ready tickets.
 */
export const claimNextIn = (of: Among, most: number): string => `WITH ${HEARD},
renewed AS (
  UPDATE tkt.claims c SET leased_until_ms = :leased_until_ms::bigint FROM heard
  WHERE c.project = :project AND c.session = heard.id RETURNING c.*),
held AS (
  SELECT t.* FROM tkt.tickets t JOIN renewed ON renewed.ticket = t.seq
  WHERE :slot::integer IS NOT NULL AND t.status <> :passed_over::text ORDER BY renewed.claimed_ms LIMIT 1),
stale AS MATERIALIZED (
  SELECT t.priority, t.queue_order, t.seq FROM tkt.claims c JOIN tkt.tickets t ON t.seq = c.ticket
  WHERE c.project = :project AND c.session <> :session AND t.type = 'WORKER' AND ${IS_STALE} AND ${IS_TURN} AND ${IS_FOR} AND ${isIn(of)}),
picked AS MATERIALIZED (
  SELECT t.seq, t.status, 1 AS claims FROM tkt.tickets t
  WHERE t.project = :project AND t.type = 'WORKER' AND ${IS_FREE} AND ${IS_TURN} AND ${IS_FOR} AND ${isIn(of)}
    AND NOT EXISTS (SELECT FROM held) AND NOT EXISTS (SELECT FROM stale s WHERE ${rank('s')} < ${rank('t')})
  ORDER BY ${BY_TURN} LIMIT ${most} FOR UPDATE OF t SKIP LOCKED),
${WRITTEN}, ${CLAIMED}
SELECT t.*, NOT EXISTS (SELECT FROM held) AS is_new
FROM (${selectTickets('(SELECT * FROM written UNION ALL SELECT * FROM held)', '(SELECT * FROM claimed UNION ALL SELECT * FROM renewed)')}) t`

const rank = (of: string): string => `(${of}.priority, coalesce(${of}.queue_order, ${LAST}), ${of}.seq)`
const LAST = '9223372036854775807'
