/** What a database is asked to change, and what it tells of it. */
import type { Act, Move, Terms } from '../model/claiming.ts'
import type { Edits } from '../model/editing.ts'
import type { Proof } from '../model/proof.ts'
import type { Request } from '../../operation/request.ts'
import type { DurableTicket } from '../model/ticket.ts'
import type { TicketWorktree } from '../model/worktree.ts'

export interface Moment {
  readonly now_ms: number
  readonly session?: string | undefined
}

export interface IntakeAct extends Moment {
  readonly request?: Request | undefined
}

export interface TakenIn extends Replayable {
  readonly ticket: DurableTicket
  readonly isNew: boolean
  /** Whether it was there and says something else now. */
  readonly isUpdated: boolean
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
  readonly channel?: string | undefined
}

export interface MoveWish extends ClaimWish {
  readonly move: Move
  /** Of an integrator ticket that is closed: why blocked and failed tickets of its batch may stay as they are. */
  readonly accepted?: string | undefined
  /** Of a ticket that is closed; it takes the place of the proof of an earlier close. */
  readonly proof?: Proof | undefined
  /** The same of what came of it: JSON values. */
  readonly outputs?: readonly unknown[] | undefined
}

export interface EditWish extends ClaimWish {
  readonly edits: Edits
  /** The version that the editor has read. */
  readonly if_version?: number | undefined
}

export interface WorktreeWish {
  readonly key: string
  readonly act: Act
  readonly worktree: TicketWorktree
}

export interface TellWish {
  readonly key: string
  readonly act: Act
  /** The type of the event. */
  readonly type: string
  readonly data: object
  /** Whether only its holder may say it. */
  readonly byHolder: boolean
}

export interface Edited {
  readonly ok: true
  readonly ticket: DurableTicket
  /** The fields that say something else now. */
  readonly changed: readonly string[]
}

/** What the verb `tell` tells. */
export interface Said extends Replayable {
  readonly ok: true
  readonly ticket: DurableTicket
  /** The number of the event. */
  readonly event: number
}

interface Replayable {
  /** It is what an earlier command of that name was told. */
  readonly replayed?: boolean
}

export interface Claimed extends Replayable {
  readonly ok: true
  readonly ticket: DurableTicket
  /** False when the session held it already. */
  readonly isNew: boolean
  readonly taken_over_from?: string | undefined
}
