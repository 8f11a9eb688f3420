/** What a team got done in a while, and how long it took: by batch, session or channel, or altogether. */

export const MEASURED_BY = ['batch', 'session', 'channel'] as const

export interface Measure {
  /** Of the group; undefined of tickets without a batch, of what nobody is named for, and of all together. */
  readonly name: string | undefined
  /** How often each of these happened to worker tickets. */
  readonly counts: Readonly<Record<Counted, number>>
  /** From its first claim until it was closed, of each that was closed. */
  readonly cycle: Times
  /** From when it was taken in until its first claim, of each that was claimed for the first time. */
  readonly waiting: Times
}

/** In milliseconds; undefined where there was none to measure. */
export interface Times {
  readonly median: number | undefined
  /** Nine of ten took no longer. */
  readonly p90: number | undefined
  readonly longest: number | undefined
}

/** By the types of their events, without `ticket.`. */
export const COUNTED = [
  ...(['created', 'claimed', 'taken_over', 'released', 'blocked', 'rejected'] as const),
  ...(['failed', 'cancelled', 'reopened', 'closed'] as const),
] as const
export type Counted = (typeof COUNTED)[number]

/** In whole seconds, as people are told; empty where there was none to measure. */
export function secondsOf({ median, p90, longest }: Times): Partial<Record<keyof Times, number>> {
  if (median === undefined || p90 === undefined || longest === undefined) return {}
  const seconds = (ms: number): number => Math.round(ms / 1000)
  return { median: seconds(median), p90: seconds(p90), longest: seconds(longest) }
}
