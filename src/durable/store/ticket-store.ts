/**
 * What the engine asks of a database, in its own verbs. Each is atomic, takes the moment it happens at, and is the same on
 * every database: tests/durable/store/contract.ts runs the same tests against each.
 */
import type { Act, ClaimRefusal, Move, MoveRefusal } from '../model/claiming.ts'
import type { Draft } from '../model/draft.ts'
import type { Refusal } from '../../operation/refusal.ts'
import type { DurableTicket } from '../model/ticket.ts'

export interface TicketStore {
  /** Takes in tickets; one whose name is known already is left as it is. All or none. */
  readonly intake: (drafts: readonly Draft[], act: IntakeAct) => Promise<readonly TakenIn[]>
  readonly find: (key: string) => Promise<DurableTicket | undefined>
  /** In queue order: those with a place in it first, then by age. */
  readonly list: (wanted: ListWanted) => Promise<Listed>
  /** The claim of one ticket. */
  readonly claim: (wish: ClaimWish) => Promise<Claimed | Refusal<ClaimRefusal>>
  /**
   * The claim of the best ticket that is free, or whose holder's lease is over: the most urgent first, then in queue order.
   * What the session holds already is what it gets. Undefined when there is nothing.
   */
  readonly claimNext: (wish: NextWish) => Promise<Claimed | undefined>
  readonly move: (wish: MoveWish) => Promise<DurableTicket | Refusal<MoveRefusal>>
  /** Renews the leases of a session and notes that it lives; tells the tickets it holds. */
  readonly renew: (session: string, now_ms: number, terms: Terms) => Promise<readonly DurableTicket[]>
  readonly events: (key: string) => Promise<readonly TicketEvent[]>
  readonly close: () => Promise<void>
}

export interface IntakeAct {
  readonly now_ms: number
  readonly session?: string | undefined
}

export interface TakenIn {
  readonly ticket: DurableTicket
  readonly isNew: boolean
}

/** What the configuration says of claims. */
export interface Terms {
  /** Undefined: a claim holds for ever. */
  readonly lease_ms: number | undefined
  /** Whether a session may hold one ticket only; the database sees to it. */
  readonly oneAtATime: boolean
}

export interface ListWanted {
  readonly batch?: string | undefined
  readonly unresolvedOnly?: boolean | undefined
  readonly limit: number
  readonly offset: number
}

export interface Listed {
  readonly tickets: readonly DurableTicket[]
  /** Of all that are wanted, shown or not. */
  readonly total: number
}

interface Wish {
  readonly act: Act
  readonly terms: Terms
}

export interface ClaimWish extends Wish {
  readonly key: string
}

export interface NextWish extends Wish {
  readonly batch?: string | undefined
}

export interface MoveWish extends ClaimWish {
  readonly move: Move
}

export interface Claimed {
  readonly ok: true
  readonly ticket: DurableTicket
  /** False when the session held it already. */
  readonly isNew: boolean
  readonly taken_over_from?: string | undefined
}

export interface TicketEvent {
  /** Grows from event to event. */
  readonly seq: number
  readonly at_ms: number
  readonly type: string
  readonly actor: string | undefined
  readonly from: string | undefined
  readonly to: string | undefined
  readonly reason: string | undefined
  readonly claim_no: number | undefined
}
