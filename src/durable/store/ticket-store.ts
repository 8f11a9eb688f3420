/**
 * What the engine asks of a database, in its own verbs. Each is atomic, takes the moment it happens at, and is the same on
 * every database: tests/durable/store/contract.ts runs the same tests against each.
 *
 * An act may name the command that it is of. Taking in, claiming and telling are then done once: the same command again is
 * told what the first one was told, and another one of that name is thrown KeyReused at.
 */
import type { ClaimRefusal, HoldingRefusal, MoveRefusal, Terms } from '../model/claiming.ts'
import type { Draft } from '../model/draft.ts'
import type { FollowedEvent, TicketEvent } from '../model/event.ts'
import type { EditRefusal } from '../model/editing.ts'
import type { Refusal } from '../../operation/refusal.ts'
import type { TicketClass } from '../model/overview.ts'
import type { Request } from '../../operation/request.ts'
import type { ScopeEntries } from '../model/scope/scope.ts'
import type { DurableStatus } from '../model/lifecycle.ts'
import type { Claim, DurableTicket, Provenance, TicketType } from '../model/ticket.ts'
import type { Wait } from '../model/waiting.ts'
import type { EventFilters, Followed, FollowWanted, HeldBack } from './follow-wanted.ts'
import type { Measured, MeasureWanted } from './measuring.ts'
import type {
  Claimed,
  ClaimWish,
  Edited,
  EditWish,
  IntakeAct,
  Moment,
  MoveWish,
  NextWish,
  Said,
  TakenIn,
  TellWish,
  WorktreeWish,
} from './wishes.ts'

export type { EventFilters, Followed, FollowedEvent, FollowWanted, HeldBack, Terms, TicketEvent }
export type * from './wishes.ts'

/** Whose tickets these are, among the projects that share a database. */
export interface Project {
  readonly org: string
  readonly slug: string
}

export interface TicketStore {
  /** Takes in tickets: new ones, and those of a note that was changed while they are open. All or none. */
  readonly intake: (drafts: readonly Draft[], act: IntakeAct) => Promise<readonly TakenIn[]>
  /** Finds what is deleted as well, as do `events` and `move`; nothing else does. */
  readonly find: (key: string) => Promise<DurableTicket | undefined>
  /** The keys of the first tickets that are named so: more than one is ambiguous. */
  readonly lookUp: (name: OtherName) => Promise<readonly string[]>
  /** What these tickets wait for, and what that waits for, and on from there. */
  readonly waits: (keys: readonly string[]) => Promise<readonly Wait[]>
  /** In queue order: those with a place in it first, then by age. */
  readonly list: (wanted: ListWanted) => Promise<Listed>
  /** All tickets of a batch, or of the project, in classes; no class is empty. */
  readonly overview: (wanted: OverviewWanted) => Promise<readonly TicketClass[]>
  /** The claim of one ticket. */
  readonly claim: (wish: ClaimWish) => Promise<Claimed | Refusal<ClaimRefusal>>
  /**
   * The claim of the best ticket that is free, or whose holder's lease is over: the most urgent first, then in queue order.
   * What the session holds already is what it gets. Undefined when there is nothing.
   */
  readonly claimNext: (wish: NextWish) => Promise<Claimed | undefined>
  /**
   * So many claims of the best tickets at once, or as many as there are, in the order of the queue; one where a session may
   * hold no more.
   */
  readonly claimSome: (wish: NextWish & { readonly most: number }) => Promise<readonly Claimed[]>
  readonly move: (wish: MoveWish) => Promise<DurableTicket | Refusal<MoveRefusal>>
  /** Changes what a ticket says. */
  readonly edit: (wish: EditWish) => Promise<Edited | Refusal<EditRefusal>>
  /** Puts on record where the holder of a ticket works on it. */
  readonly keepWorktree: (wish: WorktreeWish) => Promise<DurableTicket | Refusal<HoldingRefusal>>
  /** Puts something that was said of a ticket on record; nothing else of it changes. */
  readonly tell: (wish: TellWish) => Promise<Said | Refusal<HoldingRefusal>>
  /** Renews the leases of a session and notes that it lives; tells the tickets it holds. */
  readonly renew: (session: string, now_ms: number, terms: Terms) => Promise<readonly DurableTicket[]>
  /** What other sessions hold, those with the oldest claims first, at most 100 of them. */
  readonly heldByOthers: (session: string) => Promise<readonly Held[]>
  /** The sessions that were heard of: first those that hold something, then who was heard last. */
  readonly agents: (wanted: Pick<ListWanted, 'limit' | 'offset'>) => Promise<AgentsListed>
  /** All of them, or those of one type. */
  readonly events: (key: string, type?: string) => Promise<readonly TicketEvent[]>
  /** What happened to the tickets of the project, the newest first. */
  readonly feed: (wanted: FeedWanted) => Promise<Feed>
  /** What happened after a position, the oldest first: whoever goes on from the position that is told misses nothing. */
  readonly follow: (wanted: FollowWanted) => Promise<Followed>
  /** What keeps back events that were written; undefined when nothing is kept back. */
  readonly heldBack: () => Promise<HeldBack | undefined>
  /** Comes back when something may have happened since it came back last, after that time, or when `end` is aborted. */
  readonly woken: (wait_ms: number, end?: AbortSignal) => Promise<void>
  /** What was done in a while, and how long it took. */
  readonly measure: (wanted: MeasureWanted) => Promise<Measured>
  /** What was read last from a note for this batch. */
  readonly lastReading: (of: ReadingOf) => Promise<Reading | undefined>
  /** Puts a reading on record; the same text as last time is counted, not repeated. */
  readonly logReading: (reading: ReadingOf & Reading, act: ReadingAct) => Promise<void>
  /** What the command of that name was told; undefined when it was not sent yet. */
  readonly recall: (request: Request) => Promise<object | undefined>
  /** A command whose work was undone may be done again. */
  readonly forget: (request: Request) => Promise<void>
  readonly close: () => Promise<void>
}

/** What else than its key may name a ticket. */
export interface OtherName {
  readonly number?: number | undefined
  /** The first digits of its uuid, or all of it. */
  readonly uuid?: string | undefined
}

export interface OverviewWanted {
  readonly batch?: string | undefined
  /** Only these tickets. */
  readonly keys?: readonly string[] | undefined
  /** Whose tickets are `me`. */
  readonly session?: string | undefined
  readonly now_ms: number
  /** How many tickets of each class are told. */
  readonly most: number
}

/** A note, read for a batch that was asked for, or for none. */
export interface ReadingOf {
  readonly source: string
  readonly batch: string | undefined
}

export interface Reading {
  readonly text: string
  /** JSON: what was found in the text. */
  readonly outcome: string
}

export interface ReadingAct extends Moment {
  /** The operation that read. */
  readonly trigger: string
}

export interface ListWanted {
  readonly batch?: string | undefined
  readonly unresolvedOnly?: boolean | undefined
  readonly statuses?: readonly DurableStatus[] | undefined
  /** What this session holds. */
  readonly session?: string | undefined
  readonly provenances?: readonly Provenance[] | undefined
  readonly type?: TicketType | undefined
  readonly kind?: string | undefined
  readonly channel?: string | undefined
  readonly tier?: string | undefined
  readonly assignee?: string | undefined
  /** The key of the ticket that they are parts of. */
  readonly parent?: string | undefined
  readonly priority_from?: number | undefined
  readonly priority_to?: number | undefined
  /** Without what is hidden by default. */
  readonly visibleOnly?: boolean | undefined
  readonly limit: number
  readonly offset: number
}

export interface Listed {
  readonly tickets: readonly DurableTicket[]
  /** Of all that are wanted, shown or not. */
  readonly total: number
  /** How many more there would be without `visibleOnly`. */
  readonly hidden: number
}

export interface AgentsListed {
  readonly agents: readonly Agent[]
  readonly total: number
}

/** A session, as it was heard of. */
export interface Agent {
  readonly session: string
  readonly started_ms: number
  readonly seen_ms: number
  /** How many tickets it holds. */
  readonly count: number
  /** The first 5 of them, the oldest claims first. */
  readonly holds: readonly (Pick<DurableTicket, 'key' | 'status'> & Pick<Claim, 'leased_until_ms'>)[]
}

/** A ticket in hand, as far as others must know which files it may change. */
export interface Held {
  readonly key: string
  readonly session: string
  readonly scope: ScopeEntries
}

export interface FeedWanted {
  readonly key?: string | undefined
  /** Such as `ticket.claimed`. */
  readonly type?: string | undefined
  readonly limit: number
}

export interface Feed {
  readonly events: readonly (TicketEvent & { readonly key: string })[]
  /** Of all that are wanted, told or not. */
  readonly total: number
}
