/** Which subagents a session used for its ticket (contracts: durable sections 2.2 and 6.6). */
import type { TicketEvent } from './event.ts'

export const SUBAGENT_USED = 'ticket.subagent_used'

export interface SubagentUse {
  readonly subagent_name: string
  readonly purpose: string
  readonly ticket_scope: string
  readonly write_capability_used: boolean
  readonly why_needed?: string | undefined
}

/** Of events of that type: the first ones, the oldest first. */
export const subagentsIn = (events: readonly TicketEvent[]): readonly SubagentUse[] =>
  events.slice(0, MOST).map(({ data }) => data as unknown as SubagentUse) // written by record-subagent alone

const MOST = 10
