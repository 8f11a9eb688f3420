/** The tickets of a batch, or of all batches, by what may be done with them. */
import type { DurableStatus } from './lifecycle.ts'
import type { DurableTicket, TicketType } from './ticket.ts'

/** All tickets that have these four things in common. */
export interface TicketClass {
  readonly type: TicketType
  readonly status: DurableStatus
  /** Who has it in hand; of what is done or failed, who had it last. */
  readonly holder: Holder
  /** `free`: may be claimed; `stale`: may be taken over; `no`: neither, as it is in hand, over, or waits for others. */
  readonly claimable: Claimable
  readonly count: number
  /** The first ones: the most urgent, then in queue order. */
  readonly tickets: readonly DurableTicket[]
}

export type Holder = 'me' | 'other' | 'nobody'
export type Claimable = 'free' | 'stale' | 'no'

export interface Gathered {
  readonly count: number
  readonly tickets: readonly DurableTicket[]
}

/** The classes that are wanted as one, with as many of the first tickets as one class tells. */
export function gather(classes: readonly TicketClass[], isWanted: (of: TicketClass) => boolean): Gathered {
  const wanted = classes.filter(isWanted)
  return {
    count: wanted.reduce((sum, { count }) => sum + count, 0),
    tickets: wanted.flatMap(({ tickets }) => tickets).sort(byTurn),
  }
}

/** The most urgent first, then in queue order; what has no place in it comes last. */
export function byTurn(one: DurableTicket, other: DurableTicket): number {
  const order = ({ queue_order }: DurableTicket): number => queue_order ?? Infinity
  return one.priority - other.priority || compare(order(one), order(other)) || one.seq - other.seq
}

/** Infinity less Infinity is no number. */
const compare = (one: number, other: number): number => (one === other ? 0 : one - other)
