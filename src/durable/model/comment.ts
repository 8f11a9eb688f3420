/** What was said about a ticket: one thread, in parts, as other systems have it (contracts: service section 7.2). */
import type { TicketEvent } from './event.ts'

export const COMMENTED = 'ticket.commented'

export interface Comment {
  /** Grows from comment to comment. */
  readonly comment: number
  readonly at: string
  readonly session_id: string | undefined
  readonly body: string
}

/** Of events of that type, the oldest first. */
export const commentsIn = (events: readonly TicketEvent[]): readonly Comment[] =>
  events.map(({ seq, at_ms, actor, data }) => ({
    ...{ comment: seq, at: new Date(at_ms).toISOString(), session_id: actor },
    body: bodyIn(data),
  }))

/** The texts of its parts; a part of another kind is told as the data it is. */
function bodyIn({ parts }: TicketEvent['data']): string {
  const texts = (Array.isArray(parts) ? parts : []).map((part: { content?: unknown }) => part.content)
  return texts.map((text) => (typeof text === 'string' ? text : JSON.stringify(text))).join('\n')
}
