/** The states of a durable ticket, and what leads from one to the next. */
import { lifecycle } from '../../lifecycle.ts'

export const durableLifecycle = lifecycle({
  title: 'Durable ticket',
  initial: 'OPEN',
  states: ['OPEN', 'CLAIMED', 'IN_PROGRESS', 'BLOCKED', 'FAILED', 'CLOSED'],
  final: ['FAILED', 'CLOSED'],
  events: {
    claim: { OPEN: 'CLAIMED' },
    take_over: { CLAIMED: 'CLAIMED', IN_PROGRESS: 'CLAIMED' },
    start: { CLAIMED: 'IN_PROGRESS' },
    submit: { CLAIMED: 'IN_PROGRESS', IN_PROGRESS: 'IN_PROGRESS' },
    block: { CLAIMED: 'BLOCKED', IN_PROGRESS: 'BLOCKED', BLOCKED: 'BLOCKED' },
    unblock: { BLOCKED: 'CLAIMED' },
    release: { CLAIMED: 'OPEN', IN_PROGRESS: 'OPEN', BLOCKED: 'OPEN' },
    close: { CLAIMED: 'CLOSED', IN_PROGRESS: 'CLOSED', BLOCKED: 'CLOSED' },
    fail: { CLAIMED: 'FAILED', IN_PROGRESS: 'FAILED', BLOCKED: 'FAILED' },
    reject: { IN_PROGRESS: 'IN_PROGRESS' },
    decline: { OPEN: 'CLOSED', CLAIMED: 'CLOSED', IN_PROGRESS: 'CLOSED', BLOCKED: 'CLOSED' },
    cancel: { OPEN: 'CLOSED', CLAIMED: 'CLOSED', IN_PROGRESS: 'CLOSED', BLOCKED: 'CLOSED' },
    reopen: { FAILED: 'OPEN', CLOSED: 'OPEN' },
    delete: {
      ...{ OPEN: 'OPEN', CLAIMED: 'OPEN', IN_PROGRESS: 'OPEN', BLOCKED: 'OPEN' },
      ...{ FAILED: 'FAILED', CLOSED: 'CLOSED' },
    },
    restore: { OPEN: 'OPEN', FAILED: 'FAILED', CLOSED: 'CLOSED' },
  },
  notes: {
    take_over: 'when its lease is over',
    submit: 'to review',
    reject: 'from review',
    decline: 'as rejected',
    cancel: 'as cancelled',
    restore: 'when it is deleted',
  },
})

export type DurableStatus = (typeof durableLifecycle.states)[number]
export type DurableEvent = (typeof durableLifecycle.eventNames)[number]

/** Refines a status: `backlog` and `todo` of OPEN, `active` and `review` of IN_PROGRESS (contracts: service section 7.1). */
export type Stage = 'backlog' | 'todo' | 'active' | 'review'

/** Refines CLOSED. */
export type Resolution = 'done' | 'cancelled' | 'rejected'

/** The canonical state: every other vocabulary is a function of it. */
export interface State {
  readonly status: DurableStatus
  readonly stage?: Stage | undefined
  readonly resolution?: Resolution | undefined
}

/** The state after `event`; undefined when it is refused. */
export function stateAfter(state: State, event: DurableEvent): State | undefined {
  const { stage, resolution } = state
  const status = durableLifecycle.next(state.status, event)
  if (status === undefined || (event === 'reject' && stage !== 'review')) return undefined
  const staysAsItIs = status === state.status && (event === 'delete' || event === 'restore')
  if (staysAsItIs) return { status, stage, resolution }
  if (event === 'submit') return { status, stage: 'review' }
  if (status === 'OPEN') return { status, stage: 'todo' }
  if (status === 'IN_PROGRESS') return { status, stage: 'active' }
  return status === 'CLOSED' ? { status, resolution: resolutionOf(event) } : { status }
}

function resolutionOf(event: DurableEvent): Resolution {
  if (event === 'cancel') return 'cancelled'
  return event === 'decline' ? 'rejected' : 'done'
}

/** Where its holder's work on a ticket ends by that event, from whatever state it is in hand in; undefined: it goes on, or depends. */
export function endOfWork(event: DurableEvent): State | undefined {
  return event === 'release' || event === 'close' || event === 'fail'
    ? stateAfter({ status: 'CLAIMED' }, event)
    : undefined
}
