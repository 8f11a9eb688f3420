/** What was said about a durable ticket. */
import { Array as ListOf, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { pageOf } from '../../operation/page.ts'
import { count, flag } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { ticketField } from '../fields.ts'
import { COMMENTED, commentsIn } from '../model/comment.ts'

export const comments = defineOperation({
  name: 'comments',
  summary: 'Show what was said about a durable ticket, the oldest first.',
  capability: 'tkt-comments',
  effects: ['db.read'],
  input: Fields({
    ticket_id: ticketField('the ticket'),
    newest_first: Optional(flag('the newest first')),
    limit: Optional(count('at most so many', 1)),
    offset: Optional(count('leave out so many first')),
  }),
  output: Fields({
    ticket_id: String(),
    comments: ListOf(Unknown()),
    shown: String(),
    next: Optional(String()),
  }),
  errors: ['DATABASE_UNAVAILABLE', 'UNKNOWN_TICKET'],
  positional: ['ticket_id'],
  examples: ['comments TKT-016', 'comments TKT-016 --newest-first --limit 3'],
  run: async ({ ticket_id, newest_first = false, limit, offset }, context: DurableContext) => {
    const unknown = new OperationError('UNKNOWN_TICKET', `there is no ticket ${ticket_id}`, { ticket_id })
    if (!context.hasStore()) throw unknown
    return context.withStore(async (store) => {
      const found = await store.find(ticket_id)
      if (found === undefined) throw unknown
      const all = commentsIn(await store.events(found.key, COMMENTED))
      const { rows, ...page } = pageOf(newest_first ? all.toReversed() : all, { limit, offset })
      return { ticket_id: found.key, comments: [...rows], ...page }
    })
  },
})
