/** Claims, and the moves of tickets: looked at, judged and written in one transaction that nobody else writes in. */
import { changeOf, leaseEnd, recordOfMove, type Change } from '../../model/change.ts'
import { judgeClaim, judgeMove, type ClaimRefusal, type MoveRefusal } from '../../model/claiming.ts'
import type { WorkerCounts } from '../../model/closure.ts'
import type { State } from '../../model/lifecycle.ts'
import type { Proof } from '../../model/proof.ts'
import type { Refusal } from '../../../operation/refusal.ts'
import type { DurableTicket } from '../../model/ticket.ts'
import { ticketOf } from '../rows.ts'
import type { Claimed, ClaimWish, MoveWish, NextWish, Terms } from '../ticket-store.ts'
import { liftOld } from './age.ts'
import { bestOf } from './best.ts'
import type { Value } from './database.ts'
import { noteAgent, orNull, writeEvent, type Place } from './place.ts'
import { findTicket } from './reading.ts'
import { SELECT_TICKETS } from './select-tickets.ts'
import { countUnmet } from './unmet.ts'

export function claimTicket(place: Place, wish: ClaimWish): Claimed | Refusal<ClaimRefusal> {
  const { key, act, terms } = wish
  return place.database.transaction(() => {
    renew(place, act.session, act.now_ms, terms)
    return claimHere(place, findTicket(place, key), wish, heldBy(place, act.session, terms))
  })
}

export const claimNext = (place: Place, wish: NextWish): Claimed | undefined =>
  claimSome(place, { ...wish, most: 1 })[0]

export function claimSome(
  place: Place,
  { act, terms, most, ...of }: NextWish & { readonly most: number },
): readonly Claimed[] {
  return place.database.transaction(() => {
    if (terms.ageing_ms !== undefined) liftOld(place, act.now_ms, terms.ageing_ms)
    const [held] = renew(place, act.session, act.now_ms, terms).filter(
      ({ status }) => status !== 'BLOCKED' || terms.blockedCounts === true,
    )
    if (held !== undefined && terms.oneAtATime) return [{ ok: true, ticket: held, isNew: false }]
    const claimed: Claimed[] = []
    while (claimed.length < (terms.oneAtATime ? 1 : most)) {
      const ticket = bestOf(place, of, act)
      if (ticket === undefined) break
      // What would use its slot was found above.
      const one = claimHere(place, ticket, { key: ticket.key, act, terms }, undefined)
      if (!one.ok) throw new Error(`${ticket.key} was free and is not: ${one.message}`) // nobody else writes meanwhile
      claimed.push(one)
    }
    return claimed
  })
}

function claimHere(
  place: Place,
  ticket: DurableTicket | undefined,
  { key, act, terms }: ClaimWish,
  holds: string | undefined,
): Claimed | Refusal<ClaimRefusal> {
  const { database, project } = place
  const { session, now_ms, base } = act
  const verdict = judgeClaim(ticket, { key, act, holds })
  if (!verdict.ok) return verdict
  if (ticket === undefined) throw new Error(`${key} was judged and is not there`)
  if (verdict.kind === 'yours') return { ok: true, ticket, isNew: false }
  const claim_no = ticket.claim_no + 1
  const { state, taken_over_from } = verdict
  const change = changeOf(verdict, act, terms)
  const leased_until_ms = leaseEnd(now_ms, terms)
  write(place, ticket, state, { ...change, now_ms, claim_no })
  database.run(
    `INSERT INTO claims (ticket, project, session, claim_no, claimed_ms, leased_until_ms, slot, base)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (ticket) DO UPDATE SET session = excluded.session, claim_no = excluded.claim_no,
       claimed_ms = excluded.claimed_ms, leased_until_ms = excluded.leased_until_ms, slot = excluded.slot,
       base = excluded.base`,
    ...[ticket.seq, project, session, claim_no, now_ms],
    ...[leased_until_ms, change.slot, base].map(orNull),
  )
  writeEvent(place, {
    ...{ ticket: ticket.seq, type: change.type, at_ms: now_ms, actor: session, claim_no },
    ...{ from: ticket.status, to: state.status, reason: act.reason },
    ...(taken_over_from === undefined ? {} : { data: { taken_over_from } }),
  })
  // As it would be read: what a claim writes is known here.
  const { blocked_reason, outcome = ticket.outcome, last_session, closed_ms, deleted_ms } = change
  const { status, stage, resolution } = state
  const claimed: DurableTicket = {
    ...{ ...ticket, status, stage, resolution, claim_no, blocked_reason, outcome, last_session },
    ...{ updated_ms: now_ms, closed_ms, deleted_ms },
    claim: { session, claim_no, claimed_ms: now_ms, leased_until_ms, base },
  }
  return { ok: true, ticket: claimed, isNew: true, taken_over_from }
}

/** The ticket that uses the session's one slot. */
function heldBy({ database, project }: Place, session: string, { oneAtATime }: Terms): string | undefined {
  if (!oneAtATime) return undefined
  const row = database.one(
    `SELECT t.key FROM claims c JOIN tickets t ON t.seq = c.ticket
     WHERE c.project = ? AND c.session = ? AND c.slot IS NOT NULL`,
    ...[project, session],
  )
  return row?.key as string | undefined
}

export function moveTicket(
  place: Place,
  { key, move, act, terms, accepted, proof, outputs }: MoveWish,
): DurableTicket | Refusal<MoveRefusal> {
  return place.database.transaction(() => {
    renew(place, act.session, act.now_ms, terms)
    const ticket = findTicket(place, key)
    const endsBatch = move === 'close' && ticket?.type === 'INTEGRATOR'
    const workers = endsBatch ? countWorkers(place, ticket) : undefined
    const holds = heldBy(place, act.session, terms)
    const verdict = judgeMove(ticket, { key, move, act, holds, workers, accepted })
    if (!verdict.ok) return verdict
    if (ticket === undefined) throw new Error(`${key} was judged and is not there`)
    const { session, now_ms, reason } = act
    const { state, endsClaim } = verdict
    const change = changeOf(verdict, act, terms)
    write(place, ticket, state, { ...change, now_ms, claim_no: ticket.claim_no, proof, outputs })
    if (endsClaim) place.database.run('DELETE FROM claims WHERE ticket = ?', ticket.seq)
    else place.database.run('UPDATE claims SET slot = ? WHERE ticket = ?', orNull(change.slot), ticket.seq)
    if (endsClaim) countUnmet(place, [key])
    if (endsBatch) markBatch(place, ticket, { closed_ms: now_ms, closed_by: session })
    if (move === 'reopen' || move === 'restore') markBatch(place, ticket, {})
    writeEvent(place, {
      ...{ ticket: ticket.seq, type: change.type, at_ms: now_ms, actor: session, reason },
      ...{ from: ticket.status, to: state.status, claim_no: ticket.claim_no },
      data: recordOfMove({ accepted: endsBatch ? accepted : undefined, proof }),
    })
    return again(place, key)
  })
}

/** Of its batch, or of the project where it has none. */
function countWorkers({ database, project }: Place, { seq, batch }: DurableTicket): WorkerCounts {
  const row = database.one(
    `SELECT coalesce(sum(status IN ('OPEN','CLAIMED','IN_PROGRESS')), 0) AS unresolved,
       coalesce(sum(status IN ('BLOCKED','FAILED')), 0) AS stuck
     FROM tickets WHERE project = ? AND type = 'WORKER' AND deleted_ms IS NULL
       ${batch === undefined ? 'AND seq <> ?' : 'AND batch = (SELECT batch FROM tickets WHERE seq = ?)'}`,
    ...[project, seq],
  )
  return { unresolved: Number(row?.unresolved), stuck: Number(row?.stuck) }
}

interface BatchMark {
  readonly closed_ms?: number
  readonly closed_by?: string
}

/** Of its batch, that it is closed, or, without a mark, that there is work in it again. */
function markBatch({ database }: Place, { seq }: DurableTicket, { closed_ms, closed_by }: BatchMark): void {
  database.run(
    'UPDATE batches SET closed_ms = ?, closed_by = ? WHERE id = (SELECT batch FROM tickets WHERE seq = ?)',
    ...[orNull(closed_ms), orNull(closed_by), seq],
  )
}

export function renewLeases(
  place: Place,
  session: string,
  now_ms: number,
  terms: Terms,
): readonly DurableTicket[] {
  return place.database.transaction(() => renew(place, session, now_ms, terms))
}

/** A lease that is over is renewed as well, while nobody took the ticket over. */
export function renew(place: Place, session: string, now_ms: number, terms: Terms): readonly DurableTicket[] {
  const { database, project } = place
  noteAgent(place, session, now_ms)
  const held = database.all(
    'UPDATE claims SET leased_until_ms = ? WHERE project = ? AND session = ? RETURNING ticket',
    ...[orNull(leaseEnd(now_ms, terms)), project, session],
  )
  if (held.length === 0) return []
  return database
    .all(`${SELECT_TICKETS} WHERE c.project = ? AND c.session = ? ORDER BY c.claimed_ms`, project, session)
    .map(ticketOf)
}

interface Written extends Change {
  readonly now_ms: number
  readonly claim_no: number
  readonly proof?: Proof | undefined
  readonly outputs?: readonly unknown[] | undefined
}

function write(
  { database }: Place,
  { seq }: DurableTicket,
  { status, stage, resolution }: State,
  written: Written,
) {
  const { now_ms, last_session, claim_no, blocked_reason, outcome } = written
  const { closed_ms, deleted_ms, type, proof, outputs } = written
  const isClosed = type === 'ticket.closed' ? 1 : 0
  const json = (value: unknown): Value => (value === undefined ? null : JSON.stringify(value))
  database.run(
    `UPDATE tickets SET status = ?, stage = ?, resolution = ?, claim_no = ?, last_session = coalesce(?, last_session),
       blocked_reason = ?, outcome = coalesce(?, outcome), updated_ms = ?, closed_ms = ?, deleted_ms = ?,
       proof = iif(?, ?, proof), outputs = iif(?, ?, outputs) WHERE seq = ?`,
    ...[status, orNull(stage), orNull(resolution), claim_no, orNull(last_session), orNull(blocked_reason)],
    ...[orNull(outcome), now_ms, orNull(closed_ms), orNull(deleted_ms)],
    ...[isClosed, json(proof), isClosed, json(outputs), seq],
  )
}

/** The ticket as it is now. */
export function again(place: Place, key: string): DurableTicket {
  const ticket = findTicket(place, key)
  if (ticket === undefined) throw new Error(`${key} was written and is not there`)
  return ticket
}
