/**
 * How tickets lie in the cache of a list: what a look at all of them asks of each, and the rest as one text, which is
 * read when somebody asks for it. A thousand tickets then take half the time to read.
 */
import type { Ticket } from '../model/ticket.ts'
import { jsonOf } from './parse-cache.ts'

export interface TicketRow extends Omit<Ticket, keyof Rest> {
  /** The JSON of the other fields. */
  readonly rest: string
}

const REST = [
  'description',
  'acceptance_criteria',
  'skills',
  'summary',
  'notes',
  'evidence',
  'evidence_checks',
  'transition_log',
] as const

type Rest = Pick<Ticket, (typeof REST)[number]>

/** Undefined for what JSON would not give back as it was. */
export function rowOfTicket(ticket: Ticket): TicketRow | undefined {
  const { description, acceptance_criteria, skills, summary, notes, evidence, ...more } = ticket
  const { evidence_checks, transition_log, ...head } = more
  const texts = { description, acceptance_criteria, skills, summary, notes, evidence }
  const rest = jsonOf({ ...texts, evidence_checks, transition_log } satisfies Rest)
  return rest === undefined ? undefined : { ...head, rest }
}

/** The ticket whole, as plain data. */
export function ticketOfRow({ rest, ...head }: TicketRow): Ticket {
  return { ...head, ...(JSON.parse(rest) as Rest) }
}

/** The ticket to look at: its fields are all there, but a copy by spreading has those of the row alone. */
export const viewOfRow = (row: TicketRow): Ticket => Object.setPrototypeOf(row, VIEW) as Ticket

interface Viewed extends TicketRow {
  unfolded?: Rest
}

const VIEW: object = Object.defineProperties(
  {},
  Object.fromEntries(
    REST.map((name) => [
      name,
      {
        get(this: Viewed) {
          return (this.unfolded ??= JSON.parse(this.rest) as Rest)[name]
        },
      },
    ]),
  ),
)
