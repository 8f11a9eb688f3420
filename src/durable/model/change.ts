/** What a claim or a move comes to, in the words of every database. */
import type { Act, Terms } from './claiming.ts'
import type { DurableEvent, State } from './lifecycle.ts'
import { proofCounts, type Proof } from './proof.ts'

/** What was judged to happen. */
export interface Judged {
  readonly event: DurableEvent
  readonly state: State
  readonly endsClaim?: boolean
  /** Since when it was over before. */
  readonly closed_ms?: number | undefined
}

export interface Change {
  /** The type of the event that goes on record. */
  readonly type: string
  readonly blocked_reason: string | undefined
  /** Undefined: what it was. */
  readonly outcome: string | undefined
  readonly closed_ms: number | undefined
  readonly deleted_ms: number | undefined
  /** Undefined: who it was. */
  readonly last_session: string | undefined
  /** Of its claim. What is blocked uses none, unless it counts: the session may take other work meanwhile. */
  readonly slot: number | undefined
}

export function changeOf({ event, state, closed_ms }: Judged, act: Act, terms: Terms): Change {
  const { status } = state
  const isOver = status === 'CLOSED' || status === 'FAILED'
  return {
    type: `ticket.${PAST[event]}`,
    blocked_reason: event === 'block' ? act.reason : undefined,
    outcome: IS_OUTCOME.includes(event) ? act.reason : undefined,
    closed_ms: isOver ? (closed_ms ?? act.now_ms) : undefined,
    deleted_ms: event === 'delete' ? act.now_ms : undefined,
    last_session: event === 'claim' || event === 'take_over' ? act.session : undefined,
    slot: terms.oneAtATime && (status !== 'BLOCKED' || terms.blockedCounts === true) ? 1 : undefined,
  }
}

/** What goes on record with the event of a move; undefined where there is nothing to add. */
export function recordOfMove({ accepted, proof }: Said): object | undefined {
  if (accepted === undefined && proof === undefined) return undefined
  return {
    ...(accepted === undefined ? {} : { accepted_blocked: accepted }),
    ...(proof === undefined ? {} : { proof: proofCounts(proof) }),
  }
}

interface Said {
  /** Why blocked and failed tickets of the batch that is ended may stay so. */
  readonly accepted: string | undefined
  readonly proof: Proof | undefined
}

/** After these the reason is what whoever has the ticket next, or still, should know. */
const IS_OUTCOME: readonly DurableEvent[] = [
  'release',
  'close',
  'fail',
  'reject',
  'decline',
  'cancel',
  'reopen',
]

/** When a lease that begins now is over; undefined: never. */
export const leaseEnd = (now_ms: number, { lease_ms }: Terms): number | undefined =>
  lease_ms === undefined ? undefined : now_ms + lease_ms

const PAST: Readonly<Record<DurableEvent, string>> = {
  claim: 'claimed',
  take_over: 'taken_over',
  start: 'started',
  submit: 'submitted',
  block: 'blocked',
  unblock: 'unblocked',
  release: 'released',
  close: 'closed',
  fail: 'failed',
  reject: 'rejected',
  decline: 'declined',
  cancel: 'cancelled',
  reopen: 'reopened',
  delete: 'deleted',
  restore: 'restored',
}
