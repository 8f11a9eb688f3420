/** Who may claim a durable ticket, and who may move one: judged inside the transaction that then writes it. */
import type { Act, Terms } from './act.ts'
import { mayClaim } from './assignable.ts'
import { refusedClosure, type WorkerCounts } from './closure.ts'
import { stateAfter, type DurableEvent, type State } from './lifecycle.ts'
import { refuse, type Refusal } from '../../operation/refusal.ts'
import { isStale, type Claim, type DurableTicket } from './ticket.ts'

export type { Act, Terms }

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
  if (ticket === undefined || ticket.deleted_ms !== undefined) return unknownTicket(key, ticket)
  const { claim, status } = ticket
  if (claim?.session === session) return { ok: true, kind: 'yours' }
  const stale = isStale(ticket, now_ms)
  const event = stale ? 'take_over' : 'claim'
  const state = stateAfter(ticket, event)
  if (state !== undefined && (claim === undefined || stale) && !mayClaim(ticket.assignable_to, session))
    return notAssignable(ticket, act)
  if (state !== undefined && claim !== undefined && stale)
    return { ok: true, kind: 'free', event: 'take_over', state, taken_over_from: claim.session }
  if (claim !== undefined) return heldByOther(ticket, claim)
  if (state !== undefined) return { ok: true, kind: 'free', event: 'claim', state }
  if (status === 'BLOCKED') return refuse('TICKET_BLOCKED', `${key} is blocked`, { ticket_id: key })
  return refuse('TICKET_ALREADY_CLOSED', `${key} is ${status} already`, { ticket_id: key, status })
}

export type ClaimRefusal =
  | 'SESSION_ALREADY_HAS_CLAIMED_TICKET'
  | 'UNKNOWN_TICKET'
  | 'TICKET_CLAIMED_BY_OTHER_SESSION'
  | 'TICKET_BLOCKED'
  | 'TICKET_NOT_ASSIGNABLE'
  | 'TICKET_ALREADY_CLOSED'

/** The moves of a ticket's holder. */
type HolderMove = 'start' | 'submit' | 'block' | 'unblock' | 'release' | 'close' | 'fail'

/** The moves that any session makes, whoever holds the ticket. */
const OPEN_MOVES = ['reject', 'decline', 'cancel', 'reopen', 'delete', 'restore'] as const

export type Move = HolderMove | (typeof OPEN_MOVES)[number]

/** Those after which nobody holds the ticket; the others keep the claim. */
const ENDING: readonly Move[] = [
  'release',
  'close',
  'fail',
  'decline',
  'cancel',
  'reopen',
  'delete',
  'restore',
]

export interface MoveVerdict {
  readonly ok: true
  readonly state: State
  readonly event: DurableEvent
  readonly endsClaim: boolean
  readonly closed_ms: number | undefined
}

/** Who may is judged first, whatever the move; then where it leads. */
export function judgeMove(
  ticket: DurableTicket | undefined,
  moving: Moving,
): MoveVerdict | Refusal<MoveRefusal> {
  const { key, move, workers, accepted } = moving
  const isDeleted = ticket?.deleted_ms !== undefined
  if (ticket === undefined || (isDeleted && move !== 'restore')) return unknownTicket(key, ticket)
  const { status, stage, closed_ms } = ticket
  const notAllowed = isOpenMove(move) ? refusedToOthers(ticket, moving) : refusedToHolder(ticket, moving)
  if (notAllowed !== undefined) return notAllowed
  const state = move === 'restore' && !isDeleted ? undefined : stateAfter(ticket, move)
  const unfinished = workers === undefined ? undefined : refusedClosure(key, workers, accepted)
  if (state !== undefined && unfinished !== undefined) return unfinished
  if (state !== undefined)
    return { ok: true, state, event: move, endsClaim: ENDING.includes(move), closed_ms }
  const where = stage === undefined ? status : `${status} (${stage})`
  return refuse(
    'TRANSITION_REFUSED',
    `${key} is ${where}: ${move} leads nowhere from there`,
    { ticket_id: key, status },
    'see `tkt show-ticket`; `tkt reopen-ticket` is the way back from an end',
  )
}

const isOpenMove = (move: Move): boolean => (OPEN_MOVES as readonly Move[]).includes(move)

/** What others work on is not deleted under their hands; what they hold may be cancelled. */
function refusedToOthers(ticket: DurableTicket, { move, act }: Moving) {
  const claim = move === 'delete' ? claimOfOther(ticket, act) : undefined
  return claim && heldByOther(ticket, claim, 'cancel it first, with `tkt cancel-ticket`')
}

/** Of a session other than the one that acts, while its lease lasts. */
export function claimOfOther(ticket: DurableTicket, { session, now_ms }: Act): Claim | undefined {
  return ticket.claim?.session === session || isStale(ticket, now_ms) ? undefined : ticket.claim
}

/** Whether the session holds the ticket, by the claim that it names. */
export function judgeHolding(
  ticket: DurableTicket | undefined,
  holding: Pick<Claiming, 'key' | 'act'>,
): { readonly ok: true; readonly ticket: DurableTicket } | Refusal<HoldingRefusal> {
  if (ticket === undefined || ticket.deleted_ms !== undefined) return unknownTicket(holding.key, ticket)
  return refusedAsLost(ticket, holding) ?? { ok: true, ticket }
}

export type HoldingRefusal = 'UNKNOWN_TICKET' | 'TICKET_NOT_OWNED_BY_SESSION' | 'CLAIM_LOST'

function refusedToHolder(ticket: DurableTicket, { key, move, act, holds }: Moving) {
  const lost = refusedAsLost(ticket, { key, act })
  if (lost !== undefined) return lost
  return move === 'unblock' && holds !== undefined && holds !== key ? holdsOther(act, holds) : undefined
}

/**
 * The number of a claim decides where it is given; the holder of a lease that is over is still the holder while nobody took
 * the ticket over.
 */
function refusedAsLost(ticket: DurableTicket, { key, act }: Pick<Claiming, 'key' | 'act'>) {
  const { claim, status } = ticket
  if (claim?.session !== act.session) return notOwned(ticket, act)
  if (act.claim_no !== undefined && act.claim_no !== claim.claim_no)
    return refuse(
      'CLAIM_LOST',
      `claim ${act.claim_no} of ${key} is over: session ${claim.session} has it by claim ${claim.claim_no}`,
      { ticket_id: key, claim_no: claim.claim_no, claimed_by_session: claim.session, status },
    )
  return undefined
}

export type MoveRefusal =
  | 'UNKNOWN_TICKET'
  | 'TICKET_NOT_OWNED_BY_SESSION'
  | 'TICKET_CLAIMED_BY_OTHER_SESSION'
  | 'CLAIM_LOST'
  | 'TRANSITION_REFUSED'
  | 'SESSION_ALREADY_HAS_CLAIMED_TICKET'
  | 'INTEGRATOR_CLOSE_NOT_READY'

const holdsOther = ({ session }: Act, holds: string): Refusal<'SESSION_ALREADY_HAS_CLAIMED_TICKET'> =>
  refuse('SESSION_ALREADY_HAS_CLAIMED_TICKET', `session ${session} holds ${holds} already`, {
    session_id: session,
    existing_ticket_id: holds,
  })

function notAssignable(
  { key, assignable_to }: DurableTicket,
  { session }: Act,
): Refusal<'TICKET_NOT_ASSIGNABLE'> {
  const some = assignable_to.slice(0, 5)
  return refuse('TICKET_NOT_ASSIGNABLE', `${key} is for ${some.join(', ')}, not for session ${session}`, {
    ...{ ticket_id: key, session_id: session, assignable_to: some },
  })
}

/** `deleted`: the ticket, if it was there once. */
export function unknownTicket(key: string, deleted: DurableTicket | undefined): Refusal<'UNKNOWN_TICKET'> {
  if (deleted?.deleted_ms === undefined)
    return refuse('UNKNOWN_TICKET', `there is no ticket ${key}`, { ticket_id: key })
  const deleted_at = new Date(deleted.deleted_ms).toISOString()
  return refuse(
    'UNKNOWN_TICKET',
    `${key} was deleted at ${deleted_at}`,
    { ticket_id: key, deleted_at },
    '`tkt show-ticket` tells why; `tkt delete-ticket --restore` brings it back',
  )
}

export const heldByOther = (
  { key, status }: DurableTicket,
  { session, claimed_ms }: Claim,
  hint?: string,
): Refusal<'TICKET_CLAIMED_BY_OTHER_SESSION'> =>
  refuse(
    'TICKET_CLAIMED_BY_OTHER_SESSION',
    `${key} is held by session ${session} since ${new Date(claimed_ms).toISOString()}`,
    { ticket_id: key, claimed_by_session: session, status },
    hint,
  )

function notOwned(
  { key, status, claim, last_session }: DurableTicket,
  { session }: Act,
): Refusal<'TICKET_NOT_OWNED_BY_SESSION'> {
  const claimed_by_session = claim?.session ?? last_session ?? null
  const last =
    last_session === undefined || last_session === session ? '' : `, session ${last_session} had it last`
  const says =
    claim === undefined
      ? `${key} is ${status}${last}: session ${session} does not hold it`
      : `${key} is held by session ${claim.session}, not by session ${session}`
  return refuse('TICKET_NOT_OWNED_BY_SESSION', says, {
    ...{ ticket_id: key, session_id: session, claimed_by_session, status },
  })
}
