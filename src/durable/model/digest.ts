/** What happened in a while, in numbers, and what of it wants somebody's attention. */
import type { FollowedEvent } from './event.ts'

export interface Digest {
  readonly events: number
  readonly tickets: number
  /** How often each event happened, such as `closed`. */
  readonly counts: Readonly<Record<string, number>>
  /** The busiest first. */
  readonly sessions: readonly SessionDigest[]
  /** What was blocked, failed, taken over or sent back and is not dealt with since, the newest first. */
  readonly attention: readonly Attention[]
}

interface SessionDigest {
  readonly session_id: string
  readonly events: number
  readonly counts: Readonly<Record<string, number>>
}

interface Attention {
  readonly ticket_id: string
  readonly event: string
  readonly at: string
  readonly session_id: string | undefined
  readonly reason: string | undefined
}

/** Gathers events one by one, in their order. */
export function digesting() {
  const counts: Record<string, number> = {}
  const sessions = new Map<string, { events: number; counts: Record<string, number> }>()
  const attention = new Map<string, Attention>()
  const tickets = new Set<string>()
  let events = 0
  return {
    add(event: FollowedEvent): void {
      const { key, actor } = event
      const type = event.type.replace(/^ticket\./, '')
      events += 1
      tickets.add(key)
      counts[type] = (counts[type] ?? 0) + 1
      if (actor !== undefined) {
        const of = sessions.get(actor) ?? { events: 0, counts: {} }
        of.events += 1
        of.counts[type] = (of.counts[type] ?? 0) + 1
        sessions.set(actor, of)
      }
      if (wantsAttention(event)) {
        attention.delete(key) // to stand where it happened last
        attention.set(key, {
          ...{ ticket_id: key, event: type, at: new Date(event.at_ms).toISOString() },
          ...{ session_id: actor, reason: event.reason },
        })
      } else if (event.to !== event.from) attention.delete(key)
    },
    told: (): Digest => ({
      ...{ events, tickets: tickets.size, counts },
      sessions: [...sessions]
        .map(([session_id, of]) => ({ session_id, ...of }))
        .sort((one, other) => other.events - one.events || (one.session_id < other.session_id ? -1 : 1)),
      attention: [...attention.values()].reverse(),
    }),
  }
}

const wantsAttention = ({ type, to }: FollowedEvent): boolean =>
  to === 'BLOCKED' || to === 'FAILED' || type === 'ticket.taken_over' || type === 'ticket.rejected'
