/** The columns that an edit writes, the same in both databases; what waits for what, and the batch, are rows of their own. */
import type { DurableTicket } from '../model/ticket.ts'

export const EDITED = [
  ...(['title', 'summary', 'stage', 'priority', 'wave', 'queue_order'] as const),
  ...(['kind', 'channel', 'tier', 'assignee', 'assignable_to', 'payload'] as const),
] as const

export function editedColumns(
  edited: DurableTicket,
): Readonly<Record<(typeof EDITED)[number], string | number | undefined>> {
  const { title, summary, stage, priority, wave, queue_order, kind, channel, tier, assignee } = edited
  const { assignable_to, payload } = edited
  return {
    ...{ title, summary, stage, priority, wave, queue_order, kind, channel, tier, assignee },
    assignable_to: assignable_to.length === 0 ? undefined : JSON.stringify(assignable_to),
    payload: payload === undefined ? undefined : JSON.stringify(payload),
  }
}
