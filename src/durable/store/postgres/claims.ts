/**
 * Claims, and the moves of tickets. Each is looked at, judged, and written by one statement that writes nothing
 * when the ticket is not any more what was judged: then RaceLost is thrown, and who lost looks again. No lock outlives a
 * statement, and each statement locks agents, then tickets, then claims.
 */
import { changeOf, leaseEnd, recordOfMove, type Judged } from '../../model/change.ts'
import type { WorkerCounts } from '../../model/closure.ts'
import {
  judgeClaim,
  judgeMove,
  type Act,
  type ClaimRefusal,
  type MoveRefusal,
  type MoveVerdict,
  type Terms,
} from '../../model/claiming.ts'
import { endOfWork } from '../../model/lifecycle.ts'
import type { DurableTicket } from '../../model/ticket.ts'
import type { Refusal } from '../../../operation/refusal.ts'
import { ticketOf, type Row } from '../rows.ts'
import type { Claimed, ClaimWish, MoveWish } from '../ticket-store.ts'
import {
  CLAIM_SEEN,
  CLAIM_STALE,
  COUNT_WORKERS,
  END_BATCH,
  END_CLAIM,
  END_CLAIM_OF_OTHER,
  END_HELD,
  END_ONE_HEARD,
  END_ONE_HELD,
  KEEP_CLAIM,
  OPEN_AGAIN,
} from './claim-statements.ts'
import { RaceLost, type Values } from './database.ts'
import { knownTo, notice } from './lately.ts'
import { HEARD, inTurn, IS_CLAIM_OF, joinClaims, selectTickets, type Place } from './place.ts'

export async function claimTicket(
  place: Place,
  { key, act, terms }: ClaimWish,
): Promise<Claimed | Refusal<ClaimRefusal>> {
  const { ticket, holds } = await look(place, act, terms, key)
  const verdict = judgeClaim(ticket, { key, act, holds })
  if (!verdict.ok) return verdict
  if (ticket === undefined) throw new Error(`${key} was judged and is not there`)
  if (verdict.kind === 'yours') return { ok: true, ticket, isNew: false }
  const { taken_over_from } = verdict
  const row = await place.database.one(taken_over_from === undefined ? CLAIM_SEEN : CLAIM_STALE, {
    ...valuesOf(place, verdict, { act, terms }),
    ...seen(ticket),
    data: taken_over_from && JSON.stringify({ taken_over_from }),
  })
  return { ok: true, ticket: written(row, key), isNew: true, taken_over_from }
}

export async function moveTicket(
  place: Place,
  wish: MoveWish,
): Promise<DurableTicket | Refusal<MoveRefusal>> {
  return (await endHeld(place, wish)) ?? judgedMove(place, wish)
}

/** The work of a holder, given out of hand by one statement; undefined where it takes a closer look. */
async function endHeld(
  place: Place,
  { key, move, act, terms, proof, outputs }: MoveWish,
): Promise<DurableTicket | undefined> {
  const state = endOfWork(move)
  if (state === undefined) return undefined
  const { isHeard } = knownTo(place.lately, act)
  const row = await place.database.one(
    terms.oneAtATime ? (isHeard ? END_ONE_HEARD : END_ONE_HELD) : END_HELD,
    {
      ...valuesOf(place, { event: move, state }, { act, terms }),
      ...{ key, claim_no: act.claim_no },
      ...recordsOf({ proof, outputs }),
    },
  )
  if (row === undefined) return undefined
  notice(place.lately, act, { isHeard, isLooked: true })
  return ticketOf(row)
}

async function judgedMove(
  place: Place,
  { key, move, act, terms, accepted, proof, outputs }: MoveWish,
): Promise<DurableTicket | Refusal<MoveRefusal>> {
  const { ticket, holds } = await look(place, act, terms, key)
  const endsBatch = move === 'close' && ticket?.type === 'INTEGRATOR'
  const workers = endsBatch ? await countWorkers(place, ticket) : undefined
  const verdict = judgeMove(ticket, { key, move, act, holds, workers, accepted })
  if (!verdict.ok) return verdict
  if (ticket === undefined) throw new Error(`${key} was judged and is not there`)
  const statement = endsBatch ? END_BATCH : statementOf(verdict, ticket, act)
  const values = {
    ...valuesOf(place, verdict, { act, terms }),
    ...seen(ticket),
    seen_workers: workers && workers.unresolved + workers.stuck,
    ...recordsOf({ accepted: endsBatch ? accepted : undefined, proof, outputs }),
  }
  const write = () => place.database.one(statement, values)
  const marksBatch = statement === END_BATCH || statement === OPEN_AGAIN
  return written(marksBatch ? await inTurn(place, write) : await write(), key)
}

function recordsOf({ accepted, proof, outputs }: Pick<MoveWish, 'accepted' | 'proof' | 'outputs'>): Values {
  const data = recordOfMove({ accepted, proof })
  const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value))
  return { proof: json(proof), outputs: json(outputs), data: json(data) }
}

function statementOf({ event, endsClaim }: MoveVerdict, { claim }: DurableTicket, { session }: Act): string {
  if (event === 'reopen' || event === 'restore') return OPEN_AGAIN
  if (!endsClaim) return KEEP_CLAIM
  return claim === undefined || claim.session === session ? END_CLAIM : END_CLAIM_OF_OTHER
}

/** Of its batch, or of the project where it has none. */
async function countWorkers({ database }: Place, { seq }: DurableTicket): Promise<WorkerCounts> {
  const row = await database.one(COUNT_WORKERS, { seq })
  return { unresolved: Number(row?.unresolved), stuck: Number(row?.stuck) }
}

export const renewLeases = async (
  place: Place,
  session: string,
  now_ms: number,
  terms: Terms,
): Promise<readonly DurableTicket[]> => (await look(place, { session, now_ms }, terms)).held

interface Seen {
  readonly held: readonly DurableTicket[]
  /** The ticket that uses the session's one slot. */
  readonly holds: string | undefined
  /** The ticket that is asked for. */
  readonly ticket: DurableTicket | undefined
}

/** Renews what the session holds, and sees that and one ticket more. A lease that is over is renewed while nobody took over. */
export async function look(
  { database, project }: Place,
  { session, now_ms }: Act,
  terms: Terms,
  key?: string,
): Promise<Seen> {
  const leased_until_ms = leaseEnd(now_ms, terms)
  const rows = await database.all(LOOK, { project, session, now_ms, leased_until_ms, key })
  const tickets = rows.map(ticketOf)
  const holding = rows.find((row) => row.session === session && row.slot !== null)
  return {
    held: tickets.filter(({ claim }) => claim?.session === session),
    holds: terms.oneAtATime ? (holding?.key as string | undefined) : undefined,
    ticket: tickets.find((one) => one.key === key),
  }
}

const LOOK = `WITH ${HEARD},
renewed AS (
  UPDATE tkt.claims c SET leased_until_ms = :leased_until_ms
  WHERE c.project = :project AND c.session = (SELECT id FROM heard) RETURNING c.*),
seen AS (
  SELECT ticket AS seq FROM renewed
  UNION SELECT seq FROM tkt.tickets WHERE project = :project AND key = :key),
of_others AS (
  SELECT c.* FROM seen t JOIN tkt.claims c ON ${IS_CLAIM_OF}
  WHERE NOT EXISTS (SELECT FROM renewed WHERE renewed.ticket = c.ticket))
${selectTickets('(SELECT t.* FROM tkt.tickets t JOIN seen ON seen.seq = t.seq)', joinClaims('(TABLE renewed UNION ALL TABLE of_others)'))}
ORDER BY c.claimed_ms`

/** What a claim or a move writes. */
export function valuesOf(
  { project }: Place,
  judged: Judged,
  { act, terms }: { readonly act: Act; readonly terms: Terms },
): Values {
  const { session, now_ms, reason, base } = act
  const { status, stage, resolution } = judged.state
  const leased_until_ms = leaseEnd(now_ms, terms)
  const change = changeOf(judged, act, terms)
  return { project, session, now_ms, reason, base, leased_until_ms, status, stage, resolution, ...change }
}

/** What must still be so when it is written. */
const seen = ({ seq, status, stage, deleted_ms, claim_no, claim, version }: DurableTicket): Values => ({
  ...{ seq, seen_status: status, seen_stage: stage, seen_deleted: deleted_ms },
  ...{ seen_no: claim_no, seen_version: version, seen_lease: claim?.leased_until_ms },
})

function written(row: Row | undefined, key: string): DurableTicket {
  if (row === undefined) throw new RaceLost(`${key} was changed by others all the time`)
  return ticketOf(row)
}
