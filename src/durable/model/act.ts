/** Who acts, when, and on what terms. */
import type { Request } from '../../operation/request.ts'

/** A session that acts, at a moment in milliseconds since 1970. */
export interface Act {
  readonly session: string
  readonly now_ms: number
  /** The number that the claim was answered with. */
  readonly claim_no?: number | undefined
  readonly reason?: string | undefined
  /** The commit that HEAD is at, which a claim goes on record with. */
  readonly base?: string | undefined
  /** The name of the command, where it has one. */
  readonly request?: Request | undefined
}

/** What the configuration says of claims. */
export interface Terms {
  /** Undefined: a claim holds for ever. */
  readonly lease_ms: number | undefined
  /** Whether a session may hold one ticket only; the database sees to it. */
  readonly oneAtATime: boolean
  /** After how long a wait a ticket becomes more urgent; undefined: never. */
  readonly ageing_ms?: number | undefined
  /** Whether a blocked one counts. */
  readonly blockedCounts?: boolean
}
