/** Says something about a durable ticket: to its holder, to who comes after, to whoever reads its history. */
import { Integer, Object as Fields, Optional, String } from 'typebox'
import { accept } from '../../operation/accept.ts'
import { defineOperation } from '../../operation/define.ts'
import { longText } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { sessionField, ticketField } from '../fields.ts'
import { COMMENTED, commentsIn } from '../model/comment.ts'

export const comment = defineOperation({
  name: 'comment',
  summary: 'Say something about a durable ticket; anybody may, whoever holds it, and also when it is over.',
  capability: 'tkt-comment',
  effects: ['db.read', 'db.write'],
  input: Fields({
    ticket_id: ticketField('the ticket'),
    body: longText('what is said'),
    session_id: Optional(sessionField('who says it; else TKT_SESSION_ID or the like')),
  }),
  output: Fields({ ticket_id: String(), comment: Integer(), comments: Integer() }),
  errors: ['DATABASE_UNAVAILABLE', 'MISSING_SESSION_ID', 'UNKNOWN_TICKET'],
  positional: ['ticket_id', 'body'],
  examples: [
    'comment TKT-016 "The table of links has no index." --session-id ses-1',
    'comment TKT-016 --body-file findings.md --session-id ses-9',
  ],
  run: async ({ ticket_id: key, body, session_id }, context: DurableContext) => {
    const act = context.actOf({ session_id })
    return context.withStore(async (store) => {
      await store.renew(act.session, act.now_ms, context.terms())
      const parts = [{ type: 'text', content: body }]
      const told = accept(await store.tell({ key, act, type: COMMENTED, data: { parts }, byHolder: false }))
      const comments = commentsIn(await store.events(told.key, COMMENTED))
      return { ticket_id: told.key, comment: comments.at(-1)?.comment ?? 0, comments: comments.length }
    })
  },
})
