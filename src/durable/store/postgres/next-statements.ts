/** The statements that claim the best tickets that are free. They wait for nobody: what others are at is skipped. */
import { CLAIM, CLAIM_FROM_OTHER, JUST_CLAIMED, WRITTEN } from './claim-statements.ts'
import { bySession, HANDED_ON, HEARD, JOIN_CLAIM, joinClaims, selectTickets, selectWritten } from './place.ts'
import { BY_TURN, IS_FOR, IS_FREE, IS_TURN, isIn, STALE, type Among } from './turn.ts'

/** A text of some KB that is written anew takes a claim longer to look up than one that is there; values are not in it. */
function kept<More extends readonly unknown[]>(
  write: (of: Among, ...more: More) => string,
): (of: Among, ...more: More) => string {
  const texts = new Map<string, string>()
  return (of, ...more) => {
    const kind = [of.batch === undefined, of.channel === undefined, ...more].join(' ')
    const text = texts.get(kind) ?? write(of, ...more)
    texts.set(kind, text)
    return text
  }
}

/**
 * States, the type and the limit are words here, not parameters, so that a plan for any parameters can use the index of ready
 * tickets.
 */
const freeOf = (of: Among): string =>
  `t.project = :project AND t.type = 'WORKER' AND ${IS_FREE} AND ${IS_TURN} AND ${IS_FOR} AND ${isIn(of)}`

const staleOf = (of: Among): string =>
  `${STALE} AND t.type = 'WORKER' AND ${IS_TURN} AND ${IS_FOR} AND ${isIn(of)}`

/**
 * For the session that holds nothing, in a project where no lease is over: almost always. It gives nothing else. The fewer
 * parts a statement has the better, as PostgreSQL sets all of them up each time: what the connection saw a moment ago is left out.
 */
export const claimFree = kept((of, isHeard: boolean, isLooked: boolean) => {
  const { begin, session } = bySession(isHeard)
  return `${begin}
picked AS MATERIALIZED (
  SELECT t.seq FROM tkt.tickets t WHERE ${freeOf(of)}
    AND NOT EXISTS (SELECT FROM tkt.claims c WHERE c.project = :project AND c.session = ${session})
    ${isLooked ? '' : `AND NOT EXISTS (SELECT FROM ${STALE})`}
  ORDER BY ${BY_TURN} LIMIT 1 FOR UPDATE OF t SKIP LOCKED),
written AS (
  UPDATE tkt.tickets t SET status = :status, stage = :stage, claim_no = t.claim_no + 1, last_session = :last_session,
    blocked_reason = NULL, updated_ms = :now_ms::bigint
  WHERE t.seq = (SELECT seq FROM picked) RETURNING ${HANDED_ON}),
told AS (
  INSERT INTO tkt.events (at_ms, project, ticket, type, actor, from_status, to_status, reason, claim_no)
  SELECT :now_ms, t.project, t.seq, :type, :session, 'OPEN', t.status, :reason, t.claim_no FROM written t),
claimed AS (${CLAIM})
${selectWritten(JUST_CLAIMED)}`
})

/**
 * The claims of the best ones, or what the session holds. It gives nothing where a ticket whose lease is over comes first,
 * which takes a closer look.
 */
export const claimBest = kept(
  (of, most: number) => `WITH ${HEARD},
renewed AS (
  UPDATE tkt.claims c SET leased_until_ms = :leased_until_ms::bigint
  WHERE c.project = :project AND c.session = (SELECT id FROM heard) RETURNING c.*),
held AS (
  SELECT ${HANDED_ON}, t.status AS was FROM tkt.tickets t JOIN renewed ON renewed.ticket = t.seq
  WHERE :slot::integer IS NOT NULL AND t.status <> :passed_over::text ORDER BY renewed.claimed_ms LIMIT 1),
stale AS MATERIALIZED (
  SELECT t.priority, t.queue_order, t.seq FROM ${staleOf(of)} AND c.session <> :session ORDER BY ${BY_TURN} LIMIT 1),
free AS MATERIALIZED (
  SELECT t.seq, t.status, t.priority, t.queue_order FROM tkt.tickets t WHERE ${freeOf(of)} AND NOT EXISTS (SELECT FROM held)
  ORDER BY ${BY_TURN} LIMIT ${most} FOR UPDATE OF t SKIP LOCKED),
picked AS MATERIALIZED (
  SELECT t.seq, t.status, 1 AS claims FROM free t WHERE NOT EXISTS (SELECT FROM stale s WHERE ${rank('s')} < ${rank('t')})),
${WRITTEN},
claimed AS (${CLAIM_FROM_OTHER} RETURNING c.*)
SELECT t.packed, NOT EXISTS (SELECT FROM held) AS is_new
FROM (${selectWritten(joinClaims('(TABLE claimed UNION ALL TABLE renewed)'), '(TABLE written UNION ALL TABLE held)')}) t`,
)

const rank = (of: string): string => `(${of}.priority, coalesce(${of}.queue_order, ${LAST}), ${of}.seq)`
const LAST = '9223372036854775807'

/** The best one, whether it is free or its lease is over: each is found by its index. */
export const bestOf = kept(
  (of) => `WITH free AS (
  SELECT t.seq FROM tkt.tickets t WHERE ${freeOf(of)} ORDER BY ${BY_TURN} LIMIT 1),
stale AS (
  SELECT t.seq FROM ${staleOf(of)} ORDER BY ${BY_TURN} LIMIT 1)
${selectTickets('tkt.tickets', JOIN_CLAIM)} WHERE t.seq IN (SELECT seq FROM free UNION ALL SELECT seq FROM stale) ORDER BY ${BY_TURN} LIMIT 1`,
)
