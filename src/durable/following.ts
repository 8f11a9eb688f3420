/** Follows the events of the store for as long as somebody wants to know, through a database that goes away for a while. */
import { OperationError } from '../operation/errors.ts'
import { elapsed_ms, pause } from '../system/clock.ts'
import type { DurableContext } from './context.ts'
import { PositionRefused } from './store/follow-wanted.ts'
import type { EventFilters, FollowedEvent, HeldBack, TicketStore } from './store/ticket-store.ts'

interface Filters extends Omit<EventFilters, 'key'> {
  /** Any name of the ticket. */
  readonly ticket?: string | undefined
}

interface How {
  readonly tell: (event: FollowedEvent) => Promise<void>
  /** Called once for each that keeps events back for long. */
  readonly tellHeld: (held: HeldBack) => Promise<void>
  /** Undefined: from now on. */
  readonly after: string | undefined
  readonly most: number | undefined
  readonly isOnce: boolean
  readonly timeout_ms: number | undefined
}

interface Told {
  readonly told: number
  readonly position: string
  /** Whether there was more, behind the most that was wanted. */
  readonly isCut: boolean
}

/** Throws UNKNOWN_TICKET, INPUT_INVALID for a position that is none, or DATABASE_UNAVAILABLE with the position to go on from. */
export async function followed(context: DurableContext, filters: Filters, how: How): Promise<Told> {
  const end = endOf(context, how.timeout_ms)
  const after = context.hasStore() ? how.after : (how.after ?? '0')
  const state: State = { told: 0, position: after, isCut: false }
  if (!(await isThere(context, end, how.isOnce))) return { told: 0, position: after ?? '0', isCut: false }
  for (let lost = 0; ;) {
    try {
      await context.withStore((store) =>
        followIn(store, state, { filters, how, end, onPage: () => (lost = 0) }),
      )
      const { told, position = '0', isCut } = state
      return { told, position, isCut }
    } catch (error) {
      if (error instanceof PositionRefused) throw noPosition(error, how.after)
      const isOver = !(error instanceof OperationError) || error.code !== 'DATABASE_UNAVAILABLE'
      lost += 1
      if (isOver || state.position === after || how.isOnce || lost > MOST_LOST || end.aborted)
        throw withPosition(error, state.position)
      await pause(1000, end) // survived: it goes on from the position
    }
  }
}

const MOST_LOST = 30
const MOST_AT_ONCE = 500
/** While something is going on, one looks again without being told: a hint may stand for several events. */
const QUICK_MS = 10
const SLOW_MS = 500
const QUICK_ROUNDS = 20
/** No transaction of ours takes so long. */
const HELD_MS = 5_000

/** Waits for the store: who only looks makes none. What is in one that was not there before is all new. */
export async function isThere(context: DurableContext, end: AbortSignal, isOnce = false): Promise<boolean> {
  while (!context.hasStore()) {
    if (isOnce || end.aborted) return false
    await pause(SLOW_MS, end)
  }
  return true
}

interface State {
  told: number
  position: string | undefined
  isCut: boolean
}

interface Work {
  readonly filters: Filters
  readonly how: How
  readonly end: AbortSignal
  readonly onPage: () => void
}

async function followIn(
  store: TicketStore,
  state: State,
  { filters, how, end, onPage }: Work,
): Promise<void> {
  const { ticket, ...others } = filters
  const key = ticket === undefined ? undefined : (await store.find(ticket))?.key
  if (ticket !== undefined && key === undefined)
    throw new OperationError('UNKNOWN_TICKET', `there is no ticket ${ticket}`, { ticket_id: ticket })
  const noteHeld = holdersTold(store, how.tellHeld)
  for (let quiet = 0; !end.aborted;) {
    const limit = Math.min(MOST_AT_ONCE, (how.most ?? Infinity) - state.told)
    const page = await store.follow({ ...others, key, after: state.position, limit })
    onPage()
    for (const event of page.events) {
      await how.tell(event)
      state.told += 1
      state.position = event.position // what was told is not told again, whatever happens now
    }
    state.position = page.position
    state.isCut = page.isCut
    if (how.most !== undefined && state.told >= how.most) return
    if (page.isCut) continue
    if (how.isOnce) return
    quiet = page.events.length > 0 ? 0 : quiet + 1
    await noteHeld(quiet === 0)
    await store.woken(quiet < QUICK_ROUNDS ? QUICK_MS : SLOW_MS, end)
  }
}

/** Where nothing came for a while it looks whether something is kept back. */
function holdersTold(store: TicketStore, tell: How['tellHeld']) {
  let quiet_since_ms = elapsed_ms()
  let told: HeldBack | undefined
  return async (isGoingOn: boolean): Promise<void> => {
    if (isGoingOn) quiet_since_ms = elapsed_ms()
    if (elapsed_ms() - quiet_since_ms < HELD_MS) return
    quiet_since_ms = elapsed_ms()
    const held = await store.heldBack()
    const isKnown = told !== undefined && told.pid === held?.pid && told.since_ms === held?.since_ms
    if (held !== undefined && !isKnown) await tell(held)
    told = held
  }
}

export function endOf(context: DurableContext, timeout_ms: number | undefined): AbortSignal {
  const stopped = context.whenStopped()
  return timeout_ms === undefined ? stopped : AbortSignal.any([stopped, AbortSignal.timeout(timeout_ms)])
}

const noPosition = ({ message }: PositionRefused, value: string | undefined): OperationError =>
  new OperationError(
    'INPUT_INVALID',
    `--after: ${message}`,
    { field: 'after', value },
    'give the position that watch told for this very database, or 0 for the beginning',
  )

function withPosition(error: unknown, position: string | undefined): unknown {
  if (!(error instanceof OperationError) || position === undefined) return error
  return new OperationError(error.code, error.message, { ...error.details, position }, error.hint)
}
