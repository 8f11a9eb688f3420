/** Reads the headings of tickets: `### TKT-016`, `### TKT-017 — title`, `### RV-042-001: title`. */

export interface TicketHeading {
  readonly ticket_id: string
  /** Empty when only the id stands there. */
  readonly title: string
  /** False when only the keys below can tell that it is a ticket. */
  readonly isCertain: boolean
}

export function isTicketId(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_-]{0,50}$/.test(text)
}

/** Undefined for a heading that does not begin with an id; behind one of another kind only a title set off by a dash may stand. */
export function readTicketHeading(text: string): TicketHeading | undefined {
  const ticket_id = /^[A-Za-z][A-Za-z0-9_-]{0,50}(?=[\s:—–]|$)/.exec(text)?.[0]
  if (ticket_id === undefined) return undefined
  const behind = text.slice(ticket_id.length)
  const isCertain = /^(?:TKT|RV)-./.test(ticket_id)
  if (!isCertain && !/^(?:$|\s*[:—–]|\s+-\s)/.test(behind)) return undefined
  return { ticket_id, title: behind.replace(/^[\s:—–-]+/, ''), isCertain }
}
