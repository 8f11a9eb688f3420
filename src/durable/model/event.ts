/** What happened to a ticket, as it stands on record. */

export interface TicketEvent {
  /** Grows from event to event. */
  readonly seq: number
  readonly at_ms: number
  readonly type: string
  readonly actor: string | undefined
  readonly from: string | undefined
  readonly to: string | undefined
  readonly reason: string | undefined
  readonly claim_no: number | undefined
  /** What else is to be told of it: from whom it was taken over, what was changed from what to what. */
  readonly data: Readonly<Record<string, unknown>>
}

/** One of those that are followed. */
export interface FollowedEvent extends TicketEvent {
  readonly key: string
  readonly batch: string | undefined
  /** Behind this event. */
  readonly position: string
}
