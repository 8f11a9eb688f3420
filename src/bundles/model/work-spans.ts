/** When somebody had a ticket in hand, told by its transition log. */
import { ticketLifecycle } from './lifecycles.ts'
import type { Ticket } from './ticket.ts'

/** From a claim to the move that ended it. */
export interface WorkSpan {
  readonly agent: string | undefined
  readonly from_ms: number
  readonly to_ms: number
  /** The status that it led to; `claimed` when somebody else took over. */
  readonly ended: string
}

/** In the order of the log; a claim that nothing ended is left out, and so are moves without a readable time. */
export function workSpans({ transition_log: log }: Ticket): readonly WorkSpan[] {
  const spans: WorkSpan[] = []
  let claim: { readonly agent: string | undefined; readonly from_ms: number } | undefined
  for (const { to, timestamp, agent } of log) {
    const at = Date.parse(timestamp)
    if (to === 'in_progress' || Number.isNaN(at)) continue
    if (claim !== undefined && at >= claim.from_ms) spans.push({ ...claim, to_ms: at, ended: to })
    claim = to === 'claimed' ? { agent: agent ?? undefined, from_ms: at } : undefined
  }
  return spans
}

/** What came after the first result, or was taken out of somebody's hands. */
export interface Turn {
  readonly ticket: string
  readonly kind: 'taken over' | 'reopened'
  readonly at: string
  readonly agent: string | undefined
  readonly reason: string | undefined
}

/** Takeovers of stale claims and reopens of all tickets, the earliest first. */
export function turnsOf(tickets: readonly Ticket[]): readonly Turn[] {
  const turns = tickets.flatMap(({ id, transition_log }) =>
    transition_log.flatMap(({ from, to, timestamp, agent, reason }): readonly Turn[] => {
      const kind = kindOf(from, to, reason)
      return kind === undefined
        ? []
        : [{ ticket: id, kind, at: timestamp, agent: agent ?? undefined, reason }]
    }),
  )
  return turns.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))
}

function kindOf(from: string, to: string, reason: string | undefined): Turn['kind'] | undefined {
  if (to === 'open' && FINAL.includes(from)) return 'reopened'
  const isHeld = from === 'claimed' || from === 'in_progress'
  return to === 'claimed' && isHeld && reason !== undefined ? 'taken over' : undefined
}

const FINAL: readonly string[] = ticketLifecycle.states.filter((state) => ticketLifecycle.isFinal(state))

/** `90 s`, `5 min`, `2 h 5 min`, `3 d 4 h`. */
export function durationText(duration_ms: number): string {
  const seconds = Math.round(duration_ms / 1000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return joined([hours, 'h'], [minutes % 60, 'min'])
  return joined([Math.floor(hours / 24), 'd'], [hours % 24, 'h'])
}

const joined = (...parts: readonly (readonly [number, string])[]): string =>
  parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
