/** Reads the list `### New`: a line is a task for somebody, a ticket block a ticket with an id of its own. */
import { ignoreSection, type IgnoredLine } from './ignored-lines.ts'
import { readLabels, type Resolution } from './labels.ts'
import type { Section } from './sections.ts'
import { readTasks, type SimpleTask } from './tasks.ts'
import { readTicket, type NotedTicket } from './noted-ticket.ts'

export type NewItem = ExplicitTicket | SimpleTask

export interface ExplicitTicket extends NotedTicket {
  readonly item_type: 'explicit_ticket'
  readonly resolution: Resolution
}

export interface NewReading {
  /** Tickets with ids first, as published, then tasks; both in the order of the note. */
  readonly items: readonly NewItem[]
  readonly ignored: readonly IgnoredLine[]
}

/** Reads the sections of the region `new`. Of several tickets with one id only the first counts. */
export function readNew(sections: readonly Section[]): NewReading {
  const tickets = new Map<string, ExplicitTicket>()
  const ignored = sections.flatMap((section) => (section.role === 'block' ? addTicket(section, tickets) : []))
  const lists = sections.filter(({ role }) => role !== 'block').map(({ lines }) => lines)
  const reading = readTasks(lists)
  return { items: [...tickets.values(), ...reading.tasks], ignored: [...ignored, ...reading.ignored] }
}

function addTicket(section: Section, tickets: Map<string, ExplicitTicket>): readonly IgnoredLine[] {
  const reading = readTicket(section)
  if (reading.kind !== 'ticket') return reading.ignored
  const { ticket, ignored } = reading
  if (tickets.has(ticket.ticket_id)) return ignoreSection(section, 'repeated')
  const { isDone, resolution, text } = readLabels(ticket.title)
  if (isDone) return ignoreSection(section, 'done')
  const title = text === '' ? ticket.ticket_id : text
  tickets.set(ticket.ticket_id, { item_type: 'explicit_ticket', resolution, ...ticket, title })
  return ignored
}
