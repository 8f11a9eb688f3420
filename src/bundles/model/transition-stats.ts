/** What the transition logs of a bundle add up to. */
import { isHeld } from './holding.ts'
import type { RawMap } from './raw.ts'
import type { Ticket } from './ticket.ts'

/** Moves by kind, how often work was blocked or made open again, stale claims that were taken over, seconds from claim to done. */
export function transitionStats(tickets: readonly Ticket[]): RawMap {
  const moves = tickets.flatMap((ticket) => ticket.transition_log)
  const by_move: Record<string, number> = {}
  for (const { from, to } of moves) by_move[`${from}->${to}`] = (by_move[`${from}->${to}`] ?? 0) + 1
  const times = tickets.flatMap((ticket) => {
    const seconds = secondsFromClaimToDone(ticket)
    return seconds === undefined ? [] : [{ ticket_id: ticket.id, seconds }]
  })
  return {
    total: moves.length,
    by_move,
    blocked_count: moves.filter(({ to }) => to === 'blocked').length,
    reopened_count: moves.filter(({ to }) => to === 'open').length,
    takeovers: tickets.flatMap(takeoversOf),
    claim_to_done_seconds: times,
    median_claim_to_done_seconds: median(times.map(({ seconds }) => seconds)),
  }
}

const takeoversOf = ({ id, transition_log }: Ticket) =>
  transition_log
    .filter(({ from, to }) => to === 'claimed' && isHeld({ status: from }))
    .map(({ timestamp, agent, reason }) => ({
      ticket_id: id,
      at: timestamp,
      by: agent,
      reason: reason ?? null,
    }))

function secondsFromClaimToDone({ transition_log: log }: Ticket): number | undefined {
  const done = log.findLast(({ to }) => to === 'done')
  const claimed = log.findLast(({ to }) => to === 'claimed')
  if (done === undefined || claimed === undefined) return undefined
  const seconds = (Date.parse(done.timestamp) - Date.parse(claimed.timestamp)) / 1000
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}

function median(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}
