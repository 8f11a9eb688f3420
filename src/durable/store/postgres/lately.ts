/**
 * What a connection saw a moment ago, which a loop of claims need not look up or write down each time: that a session lives,
 * and that no lease is over. So a session may have been heard of a second after what is noted of it, and of tickets one that
 * is free may come before one whose lease has just ended.
 */

export interface Lately {
  heard?: { readonly session: string; readonly at_ms: number }
  /** When no lease was over. */
  looked_ms?: number
}

export interface Known {
  readonly isHeard: boolean
  readonly isLooked: boolean
}

interface By {
  readonly session: string
  readonly now_ms: number
}

export function knownTo({ heard, looked_ms }: Lately, { session, now_ms }: By): Known {
  return {
    isHeard: heard?.session === session && isWithin(now_ms - heard.at_ms, HEARD_MS),
    isLooked: looked_ms !== undefined && isWithin(now_ms - looked_ms, LOOKED_MS),
  }
}

/** After what is not known was heard, or looked for. */
export function notice(lately: Lately, { session, now_ms }: By, { isHeard, isLooked }: Known): void {
  if (!isHeard) lately.heard = { session, at_ms: now_ms }
  if (!isLooked) lately.looked_ms = now_ms
}

/** A clock may also be set back. */
const isWithin = (past_ms: number, most_ms: number): boolean => past_ms >= 0 && past_ms < most_ms

const HEARD_MS = 1_000
const LOOKED_MS = 100
