/** Shows one durable ticket, and what happened to it. */
import { Array as ListOf, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { pageOf } from '../../operation/page.ts'
import { count } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { ticketField } from '../fields.ts'
import { fullRecordOf } from '../model/ticket.ts'
import type { TicketEvent } from '../store/ticket-store.ts'

export const showTicket = defineOperation({
  name: 'show-ticket',
  summary: 'Show a durable ticket, deleted or not, with what proves it, and its history, the newest first.',
  capability: 'tkt-show-db',
  effects: ['db.read'],
  input: Fields({
    ticket_id: ticketField('the ticket'),
    limit: Optional(count('at most this many events', 1)),
    offset: Optional(count('leave out this many events first')),
  }),
  output: Fields({ ticket: Unknown(), events: ListOf(Unknown()), shown: String(), next: Optional(String()) }),
  errors: ['DATABASE_UNAVAILABLE', 'UNKNOWN_TICKET'],
  positional: ['ticket_id'],
  examples: ['show-ticket TKT-016'],
  run: async ({ ticket_id, limit, offset }, context: DurableContext) => {
    const now_ms = context.now_ms()
    const unknown = new OperationError('UNKNOWN_TICKET', `there is no ticket ${ticket_id}`, { ticket_id })
    if (!context.hasStore()) throw unknown
    return context.withStore(async (store) => {
      const found = await store.find(ticket_id)
      if (found === undefined) throw unknown
      const { proof } = found
      const ticket = { ...fullRecordOf(found, now_ms), ...(proof === undefined ? {} : { proof }) }
      const events = (await store.events(ticket_id)).toReversed().map(rowOf)
      const { rows, ...page } = pageOf(events, { limit, offset }, ticket)
      return { ticket, events: [...rows], ...page }
    })
  },
})

const rowOf = ({ at_ms, from, to, data, ...event }: TicketEvent) => ({
  at: new Date(at_ms).toISOString(),
  ...event,
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
  ...data,
})
