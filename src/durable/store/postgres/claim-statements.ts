/** The statements that write the claim of one ticket, or a move: the ticket, its claim and the event, all of it in one. */
import { bySession, HANDED_ON, IS_CLAIM_OF, joinClaims, selectWritten } from './place.ts'

/** `picked` says which ticket, and what of it must still be so. */
const writing = (isStillSo = ''): string => `
written AS (
  UPDATE tkt.tickets t SET status = :status, stage = :stage, resolution = :resolution, claim_no = t.claim_no + picked.claims,
    last_session = coalesce(:last_session, t.last_session), blocked_reason = :blocked_reason,
    outcome = coalesce(:outcome, t.outcome), updated_ms = :now_ms::bigint, closed_ms = :closed_ms::bigint,
    deleted_ms = :deleted_ms::bigint,
    proof = CASE :type::text WHEN 'ticket.closed' THEN :proof::text ELSE t.proof END,
    outputs = CASE :type::text WHEN 'ticket.closed' THEN :outputs::text ELSE t.outputs END
  FROM picked WHERE t.seq = picked.seq ${isStillSo} RETURNING ${HANDED_ON}, picked.status AS was),
told AS (
  INSERT INTO tkt.events (at_ms, project, ticket, type, actor, from_status, to_status, reason, claim_no, data)
  SELECT :now_ms, t.project, t.seq, :type::text, :session::text, t.was, t.status, :reason, t.claim_no, :data
  FROM written t)`

export const WRITTEN = writing()

/** The claim of the ticket that is written, which nobody has. */
export const CLAIM = `
  INSERT INTO tkt.claims AS c (ticket, project, session, claim_no, claimed_ms, leased_until_ms, slot, base)
  SELECT t.seq, t.project, :session, t.claim_no, :now_ms, :leased_until_ms::bigint, :slot::integer, :base FROM written t`

/** The same where somebody may have it still. */
export const CLAIM_FROM_OTHER = `${CLAIM}
  ON CONFLICT (ticket) DO UPDATE SET session = excluded.session, claim_no = excluded.claim_no,
    claimed_ms = excluded.claimed_ms, leased_until_ms = excluded.leased_until_ms, slot = excluded.slot, base = excluded.base`

/** In place of joined claims, the one that was just written: a part less for PostgreSQL to set up, each time. */
export const JUST_CLAIMED = `CROSS JOIN LATERAL (SELECT :session::text AS session, t.claim_no, :now_ms::bigint AS claimed_ms,
  :leased_until_ms::bigint AS leased_until_ms, :slot::integer AS slot, :base::text AS base) c`

/** The same where what is written leaves the ticket without one. */
const NO_CLAIM = `CROSS JOIN LATERAL (SELECT NULL::text AS session, NULL::bigint AS claim_no, NULL::bigint AS claimed_ms,
  NULL::bigint AS leased_until_ms, NULL::integer AS slot, NULL::text AS base) c`

const IS_AS_SEEN = `t.seq = :seq AND t.status = :seen_status AND t.claim_no = :seen_no AND t.version = :seen_version
  AND t.stage IS NOT DISTINCT FROM :seen_stage AND t.deleted_ms IS NOT DISTINCT FROM :seen_deleted::bigint`

/** The claim of a ticket that was seen free. */
export const CLAIM_SEEN = `WITH picked AS MATERIALIZED (
  SELECT t.seq, t.status, 1 AS claims FROM tkt.tickets t WHERE ${IS_AS_SEEN} FOR UPDATE),
${WRITTEN},
claimed AS (${CLAIM_FROM_OTHER}) ${selectWritten(JUST_CLAIMED)}`

/** The claim of a ticket whose lease was seen to be over, and was not renewed since. */
export const CLAIM_STALE = `WITH picked AS MATERIALIZED (
  SELECT t.seq, t.status, 1 AS claims FROM tkt.tickets t JOIN tkt.claims c ON ${IS_CLAIM_OF}
  WHERE ${IS_AS_SEEN} AND c.leased_until_ms = :seen_lease FOR UPDATE),
${WRITTEN},
claimed AS (${CLAIM_FROM_OTHER}) ${selectWritten(JUST_CLAIMED)}`

/**
 * What the session holds, by that claim if it names one, is given out of hand: without a look, as the end is the same from
 * wherever a ticket in hand is. It is not locked first, which would be written down as well: that it is still the same claim,
 * and in the same state, is seen when it is written. It writes nothing where the session does not hold it, and nothing of a
 * ticket that more depends on.
 */
function ending(others: string, isAlone: string, isHeard = false): string {
  const { begin, session } = bySession(isHeard)
  return `${begin}
picked AS (
  SELECT t.seq, t.status, t.claim_no, 0 AS claims FROM tkt.tickets t JOIN tkt.claims c ON ${IS_CLAIM_OF}
  WHERE t.project = :project AND t.key = :key AND t.type = 'WORKER' AND c.session = ${session}
    AND c.claim_no = t.claim_no AND c.claim_no = coalesce(:claim_no::bigint, c.claim_no) ${isAlone}),
${others}
${writing('AND t.status = picked.status AND t.claim_no = picked.claim_no AND t.deleted_ms IS NULL')},
ended AS (DELETE FROM tkt.claims c USING written t WHERE ${IS_CLAIM_OF})
${selectWritten(NO_CLAIM)}`
}

const OTHERS = `c.project = :project AND c.session = :session AND c.ticket <> `

/** The leases of what else it holds are renewed. */
export const END_HELD = ending(
  `renewed AS (
  UPDATE tkt.claims c SET leased_until_ms = :leased_until_ms::bigint WHERE ${OTHERS} (SELECT seq FROM picked)),`,
  '',
)

const IS_ALONE = `AND NOT EXISTS (SELECT FROM tkt.claims c WHERE ${OTHERS} t.seq)`

/** Nothing where it holds another: for who holds one at a time. To look for another is less than to renew none. */
export const END_ONE_HELD = ending('', IS_ALONE)

/** The same where it was noted a moment ago that the session lives. */
export const END_ONE_HEARD = ending('', IS_ALONE, true)

const MOVED = `WITH picked AS MATERIALIZED (
  SELECT t.seq, t.status, 0 AS claims FROM tkt.tickets t WHERE ${IS_AS_SEEN} FOR UPDATE),
${WRITTEN},`

/** A move after which the session still has the ticket. */
export const KEEP_CLAIM = `${MOVED}
claimed AS (UPDATE tkt.claims c SET slot = :slot FROM written t WHERE ${IS_CLAIM_OF} RETURNING c.*)
${selectWritten(joinClaims('claimed'))}`

/** A move that gives the ticket out of hand. */
export const END_CLAIM = `${MOVED}
ended AS (DELETE FROM tkt.claims c USING written t WHERE ${IS_CLAIM_OF})
${selectWritten(NO_CLAIM)}`

/** The same of a ticket that another session held, which may have been heard of since. */
export const END_CLAIM_OF_OTHER = `WITH picked AS MATERIALIZED (
  SELECT t.seq, t.status, 0 AS claims FROM tkt.tickets t JOIN tkt.claims c ON ${IS_CLAIM_OF}
  WHERE ${IS_AS_SEEN} AND c.leased_until_ms IS NOT DISTINCT FROM :seen_lease::bigint FOR UPDATE),
${WRITTEN},
ended AS (DELETE FROM tkt.claims c USING written t WHERE ${IS_CLAIM_OF})
${selectWritten(NO_CLAIM)}`

/** A ticket is opened again, or is there again: its batch is not closed any more. */
export const OPEN_AGAIN = `${MOVED}
opened AS (UPDATE tkt.batches b SET closed_ms = NULL, closed_by = NULL FROM written t WHERE b.id = t.batch)
${selectWritten(NO_CLAIM)}`

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
ended AS (DELETE FROM tkt.claims c USING written t WHERE ${IS_CLAIM_OF}),
closed AS (UPDATE tkt.batches b SET closed_ms = :now_ms, closed_by = :session FROM written t WHERE b.id = t.batch)
${selectWritten(NO_CLAIM)}`
