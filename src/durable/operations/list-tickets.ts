/** Lists the durable tickets of a project. */
import { Array as ListOf, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { cut } from '../../operation/page.ts'
import { count, flag } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { MOST_SHOWN, pageOfFetched } from '../fetched-page.ts'
import { batchField } from '../fields.ts'
import { lineOf, fullRecordOf } from '../model/ticket.ts'

export const listTickets = defineOperation({
  name: 'list-tickets',
  summary: 'List the durable tickets in the order of their queue.',
  capability: 'tkt-list-db',
  effects: ['db.read'],
  input: Fields({
    unresolved_only: Optional(flag('leave out what is over')),
    batch_id: Optional(batchField('only those of this batch')),
    verbose: Optional(flag('the whole record of each')),
    limit: Optional(count('at most this many tickets', 1)),
    offset: Optional(count('leave out this many tickets first')),
  }),
  output: Fields({ tickets: ListOf(Unknown()), shown: String(), next: Optional(String()) }),
  errors: ['DATABASE_UNAVAILABLE'],
  examples: ['list-tickets', 'list-tickets --unresolved-only --batch-id BATCH-5'],
  run: async (input, context: DurableContext) => {
    const { unresolved_only: unresolvedOnly, batch_id: batch, verbose = false, limit, offset = 0 } = input
    const now_ms = context.now_ms()
    if (!context.hasStore()) return { tickets: [], shown: 'shown 0 of 0' }
    return context.withStore(async (store) => {
      const wanted = { batch, unresolvedOnly, limit: limit ?? MOST_SHOWN, offset }
      const { tickets, total } = await store.list(wanted)
      const rows = tickets.map((ticket) =>
        verbose ? fullRecordOf(ticket, now_ms) : { ...lineOf(ticket, now_ms), title: cut(ticket.title) },
      )
      const { rows: shown, ...page } = pageOfFetched(rows, total, { limit, offset })
      return { tickets: [...shown], ...page }
    })
  },
})
