/** Who holds a ticket: proven by the number of the claim rather than by a name, and kept while something is heard of them. */
import { refuse, type Refusal } from '../../operation/refusal.ts'
import type { Transition } from './ticket.ts'

/** What a ticket, or an express ticket, knows of its holder. */
export interface Holding {
  readonly id: string
  readonly status: string
  readonly claimed_by: string | undefined
  readonly claimed_at: string | undefined
  /** Counts the claims there ever were; 0 before the first. */
  readonly claim_no: number
  /** The session that made the claim, where it said so. */
  readonly claimed_session: string | undefined
  readonly transition_log: readonly Transition[]
}

/** What tells how long its holder is idle; of its moves the last is enough. */
export interface Sighted extends Pick<Holding, 'status' | 'claimed_by' | 'claimed_at' | 'claimed_session'> {
  readonly transition_log?: readonly Transition[]
  /** When it last moved, where its log is not known. */
  readonly moved_at?: string | undefined
}

/** Undefined before the first move. */
export const lastMoveOf = ({ transition_log, moved_at }: Sighted): string | undefined =>
  transition_log === undefined ? moved_at : transition_log.at(-1)?.timestamp

/** Who says that they act on a ticket. */
export interface Actor {
  readonly agent?: string | undefined
  /** The number that their claim was answered with. */
  readonly claim_no?: number | undefined
  readonly session_id?: string | undefined
}

/** How long nothing was heard of a holder. */
export interface Idle {
  /** The last sign of life; undefined when there is none on record. */
  readonly since: string | undefined
  /** Whole minutes since then. */
  readonly minutes: number
  /** Whether that is longer than `stale.idle_timeout_minutes` allows. */
  readonly isStale: boolean
}

/** Whether somebody is at work on it; a blocked ticket waits, and may be taken by anybody. */
export const isHeld = ({ status }: Pick<Holding, 'status'>): boolean =>
  status === 'claimed' || status === 'in_progress'

/**
 * How long a held ticket is idle. A move of the ticket is a sign of life, and so is any command of its holder: `heard_ms`
 * is the last one, in milliseconds since 1970. A timeout of 0 lets no claim become stale.
 */
export function idleOf(
  sighted: Sighted,
  heard_ms: number | undefined,
  at: { readonly now: string; readonly timeout_ms: number },
): Idle | undefined {
  if (!isHeld(sighted)) return undefined
  const moments = [sighted.claimed_at, lastMoveOf(sighted)].map((text) => Date.parse(text ?? ''))
  const last = Math.max(...[...moments, heard_ms ?? NaN].filter(Number.isFinite))
  if (!Number.isFinite(last)) return { since: undefined, minutes: 0, isStale: at.timeout_ms > 0 }
  const idle_ms = Math.max(0, Date.parse(at.now) - last)
  return {
    since: `${new Date(last).toISOString().slice(0, 19)}Z`,
    minutes: Math.floor(idle_ms / 60_000),
    isStale: at.timeout_ms > 0 && idle_ms > at.timeout_ms,
  }
}

/** Whether idleOf says that it is stale, for long lists: when its holder was heard of is asked only where no move is recent. */
export function isStale(
  sighted: Sighted,
  askHeard_ms: () => number | undefined,
  { now, timeout_ms }: { readonly now: string; readonly timeout_ms: number },
): boolean {
  if (!isHeld(sighted) || timeout_ms === 0) return false
  const since_ms = Date.parse(now) - timeout_ms
  const isRecent = (text: string | undefined): boolean => Date.parse(text ?? '') >= since_ms
  if (isRecent(lastMoveOf(sighted)) || isRecent(sighted.claimed_at)) return false
  return (askHeard_ms() ?? -Infinity) < since_ms
}

/**
 * Refuses those who are not the holder. The number of a claim decides alone; without it the name must be the holder's,
 * or the coordinator's, and of two sessions of one name the one that claimed. Nobody named is taken for the holder, as
 * published, unless the ticket was taken from somebody: that one may be late.
 */
export function refuseStranger(
  holding: Holding,
  actor: Actor,
  coordinator?: string,
): Refusal<'NOT_OWNER' | 'CLAIM_LOST'> | undefined {
  const { agent, claim_no, session_id } = actor
  const { id, claimed_by, claimed_session } = holding
  const isCoordinator = agent !== undefined && agent === coordinator
  if (claim_no !== undefined && claim_no !== holding.claim_no)
    return refuseLost(holding, `claim ${claim_no} of ${id} is over`)
  if (claimed_by === undefined || isCoordinator) return undefined
  if (agent !== undefined && agent !== claimed_by)
    return refuse('NOT_OWNER', `${id} is held by ${claimed_by}, not by ${agent}`, holderOf(holding))
  if (claim_no !== undefined) return undefined
  const isSameSession = session_id === undefined ? undefined : session_id === claimed_session
  if (agent !== undefined && isSameSession === false && claimed_session !== undefined)
    return refuseLost(holding, `${id} is not held by session ${session_id ?? ''}`)
  const loser = lastTakenFrom(holding)
  if (loser === undefined || isSameSession === true || (agent !== undefined && agent !== loser))
    return undefined
  return refuseLost(
    holding,
    `${id} was taken over, and may be moved by its new holder alone`,
    'if the claim is yours, say so: add --claim-no with the number that it was answered with',
  )
}

/** Who lost the ticket to its present holder; undefined when it was free, or blocked. */
function lastTakenFrom({ transition_log }: Holding): string | undefined {
  const taken = transition_log.findLast(({ to }) => to === 'claimed')
  if (taken === undefined || !isHeld({ status: taken.from })) return undefined
  const before = transition_log.slice(0, transition_log.indexOf(taken))
  return before.findLast(({ to }) => to === 'claimed')?.agent ?? ''
}

function refuseLost(holding: Holding, says: string, hint?: string): Refusal<'CLAIM_LOST'> {
  const { status, claimed_by, claim_no, claimed_at } = holding
  const holder = claimed_by === undefined ? `it is ${status}, held by nobody` : `${claimed_by} has it`
  const since = claimed_by === undefined || claimed_at === undefined ? '' : ` since ${claimed_at}`
  return refuse(
    'CLAIM_LOST',
    `${says}: ${holder}${since} (claim ${claim_no}, ${status})`,
    holderOf(holding),
    hint,
  )
}

/** What an error tells of the holder. */
export const holderOf = (holding: Holding) => ({
  ticket: holding.id,
  status: holding.status,
  claimed_by: holding.claimed_by ?? null,
  claimed_at: holding.claimed_at ?? null,
  claim_no: holding.claim_no,
})

/** The refusal of a claim that came second: who holds it, since when, and what can be done about it. */
export function refuseHeld(
  holding: Holding,
  agent: string,
  idle: Idle | undefined,
): Refusal<'CLAIM_CONFLICT'> {
  const { id, claimed_by, claimed_at } = holding
  const since = claimed_at === undefined ? '' : ` since ${claimed_at}`
  const heard = idle?.since ?? 'ever'
  const stale = idle?.isStale === true ? `; nothing was heard of them since ${heard}` : ''
  const message = `${id} is held by ${claimed_by ?? 'somebody who left no name'}${since}${stale}`
  return refuse('CLAIM_CONFLICT', message, holderOf(holding), hintFor(claimed_by === agent, idle))
}

function hintFor(isOwn: boolean, idle: Idle | undefined): string | undefined {
  if (idle?.isStale === true) return 'the claim is stale: add --take-over to take it, on the record'
  return isOwn
    ? 'that is your name: if the claim was yours, go on with `tkt update`; else claim another ticket'
    : undefined
}

/** The fields of a new claim. Numbers only grow, also over a ticket that was open in between. */
export const claimFields = (holding: Holding, { agent, session_id }: Actor, now: string) => ({
  claimed_by: agent ?? null,
  claimed_at: now,
  claim_no: holding.claim_no + 1,
  ...(session_id === undefined && holding.claimed_session === undefined
    ? {}
    : { claimed_session: session_id ?? null }),
})

/** Why a stale claim ended, for the log of the ticket. */
export const takeOverReason = (from: string | undefined, idle: Idle | undefined): string =>
  `taken over from ${from ?? 'nobody'}: no sign of life since ${idle?.since ?? 'the claim'}`
