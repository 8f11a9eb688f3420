/** Who may claim a durable ticket, and who may move one: judged inside the transaction that then writes it. */
import { refusedClosure, type WorkerCounts } from './closure.ts'
import { stateAfter, type DurableEvent, type State } from './lifecycle.ts'
import { refuse, type Refusal } from '../../operation/refusal.ts'
import { isStale, type DurableTicket } from './ticket.ts'

/** A session that acts, at a moment in milliseconds since 1970. */
export interface Act {
  readonly session: string
  readonly now_ms: number
  /** The number that the claim was answered with. */
  readonly claim_no?: number | undefined
  readonly reason?: string | undefined
  /** The commit that HEAD is at, which a claim goes on record with. */
  readonly base?: string | undefined
}

/** What the configuration says of claims. */
export interface Terms {
  /** Undefined: a claim holds for ever. */
  readonly lease_ms: number | undefined
  /** Whether a session may hold one ticket only; the database sees to it. */
  readonly oneAtATime: boolean
}

export interface Claiming {
  readonly key: string
  readonly act: Act
  /** The ticket that uses the session's one slot; undefined where there is none, or no such rule. */
  readonly holds: string | undefined
}

export interface Moving extends Claiming {
  readonly move: Move
  /** Of the batch of an integrator ticket that is to be closed. */
  readonly workers?: WorkerCounts | undefined
  /** Why its blocked and failed tickets may stay as they are. */
  readonly accepted?: string | undefined
}

export type ClaimVerdict =
  | { readonly ok: true; readonly kind: 'yours' }
  | {
      readonly ok: true
      readonly kind: 'free'
      readonly event: 'claim' | 'take_over'
      readonly state: State
      readonly taken_over_from?: string
    }

/**
 * In the published order (contracts: durable section 3.5): the session's other ticket first, then the ticket itself.
 * A claim that is repeated is answered as the first was; one whose lease is over is taken over.
 */
export function judgeClaim(
  ticket: DurableTicket | undefined,
  { key, act, holds }: Claiming,
): ClaimVerdict | Refusal<ClaimRefusal> {
  const { session, now_ms } = act
  if (holds !== undefined && holds !== key) return holdsOther(act, holds)
  if (ticket === undefined) return unknownTicket(key)
  const { claim, status } = ticket
  if (claim?.session === session) return { ok: true, kind: 'yours' }
  const stale = isStale(ticket, now_ms)
  const event = stale ? 'take_over' : 'claim'
  const state = stateAfter(ticket, event)
  if (state !== undefined && claim !== undefined && stale)
    return { ok: true, kind: 'free', event: 'take_over', state, taken_over_from: claim.session }
  if (claim !== undefined)
    return refuse(
      'TICKET_CLAIMED_BY_OTHER_SESSION',
      `${key} is held by session ${claim.session} since ${new Date(claim.claimed_ms).toISOString()}`,
      { ticket_id: key, claimed_by_session: claim.session, status },
    )
  if (state !== undefined) return { ok: true, kind: 'free', event: 'claim', state }
  if (status === 'BLOCKED') return refuse('TICKET_BLOCKED', `${key} is blocked`, { ticket_id: key })
  return refuse('TICKET_ALREADY_CLOSED', `${key} is ${status} already`, { ticket_id: key, status })
}

export type ClaimRefusal =
  | 'SESSION_ALREADY_HAS_CLAIMED_TICKET'
  | 'UNKNOWN_TICKET'
  | 'TICKET_CLAIMED_BY_OTHER_SESSION'
  | 'TICKET_BLOCKED'
  | 'TICKET_ALREADY_CLOSED'

/** The moves of a ticket's holder. */
export type Move = 'start' | 'submit' | 'block' | 'unblock' | 'release' | 'close' | 'fail'

/** Of those that end the holder's work; the others keep the claim. */
const ENDING: readonly Move[] = ['release', 'close', 'fail']

export interface MoveVerdict {
  readonly ok: true
  readonly state: State
  readonly event: DurableEvent
  readonly endsClaim: boolean
}

/**
 * Ownership first, whatever the move. The number of a claim decides where it is given; the holder of a lease that is over
 * is still the holder while nobody took the ticket over.
 */
export function judgeMove(
  ticket: DurableTicket | undefined,
  { key, move, act, holds, workers, accepted }: Moving,
): MoveVerdict | Refusal<MoveRefusal> {
  if (ticket === undefined) return unknownTicket(key)
  const { claim, status } = ticket
  if (claim?.session !== act.session) return notOwned(ticket, act)
  if (act.claim_no !== undefined && act.claim_no !== claim.claim_no)
    return refuse(
      'CLAIM_LOST',
      `claim ${act.claim_no} of ${key} is over: session ${claim.session} has it by claim ${claim.claim_no}`,
      { ticket_id: key, claim_no: claim.claim_no, claimed_by_session: claim.session, status },
    )
  if (move === 'unblock' && holds !== undefined && holds !== key) return holdsOther(act, holds)
  const state = stateAfter(ticket, move)
  const unfinished = workers === undefined ? undefined : refusedClosure(key, workers, accepted)
  if (state !== undefined && unfinished !== undefined) return unfinished
  if (state !== undefined) return { ok: true, state, event: move, endsClaim: ENDING.includes(move) }
  return refuse('TRANSITION_REFUSED', `${key} is ${status}: ${move} leads nowhere from there`, {
    ticket_id: key,
    status,
  })
}

export type MoveRefusal =
  | 'UNKNOWN_TICKET'
  | 'TICKET_NOT_OWNED_BY_SESSION'
  | 'CLAIM_LOST'
  | 'TRANSITION_REFUSED'
  | 'SESSION_ALREADY_HAS_CLAIMED_TICKET'
  | 'INTEGRATOR_CLOSE_NOT_READY'

const holdsOther = ({ session }: Act, holds: string): Refusal<'SESSION_ALREADY_HAS_CLAIMED_TICKET'> =>
  refuse('SESSION_ALREADY_HAS_CLAIMED_TICKET', `session ${session} holds ${holds} already`, {
    session_id: session,
    existing_ticket_id: holds,
  })

const unknownTicket = (key: string): Refusal<'UNKNOWN_TICKET'> =>
  refuse('UNKNOWN_TICKET', `there is no ticket ${key}`, { ticket_id: key })

function notOwned(
  { key, status, claim, last_session }: DurableTicket,
  { session }: Act,
): Refusal<'TICKET_NOT_OWNED_BY_SESSION'> {
  const holder = claim === undefined ? `nobody (it is ${status})` : `session ${claim.session}`
  const claimed_by_session = claim?.session ?? last_session ?? null
  return refuse('TICKET_NOT_OWNED_BY_SESSION', `${key} is held by ${holder}, not by session ${session}`, {
    ...{ ticket_id: key, session_id: session, claimed_by_session, status },
  })
}
