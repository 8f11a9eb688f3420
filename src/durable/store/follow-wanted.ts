/** Which events are followed, from where, and what is told of them. */
import type { FollowedEvent } from '../model/event.ts'

export interface FollowWanted extends EventFilters {
  /** A position that was told before; `0` is the beginning, undefined is now. Throws PositionRefused for one of another kind of database. */
  readonly after?: string | undefined
  readonly limit: number
}

export interface EventFilters {
  readonly key?: string | undefined
  readonly batch?: string | undefined
  /** Who acted. */
  readonly session?: string | undefined
  /** Such as `ticket.claimed`. */
  readonly types?: readonly string[] | undefined
  readonly since_ms?: number | undefined
}

export interface Followed {
  readonly events: readonly FollowedEvent[]
  /** Behind all that was looked at. */
  readonly position: string
  /** Whether the limit left something out. */
  readonly isCut: boolean
}

/** What keeps events back that are there: a transaction under way that began before them, of whatever program. */
export interface HeldBack {
  /** The process of the server; undefined where the server does not tell us. */
  readonly pid: number | undefined
  readonly since_ms: number | undefined
}

/** The position is not one that this kind of database tells. */
export class PositionRefused extends Error {
  override readonly name = 'PositionRefused'
  constructor(position: string) {
    super(`${position} is no position in this database`)
  }
}
